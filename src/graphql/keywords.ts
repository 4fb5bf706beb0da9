import type { KeywordSettings as KeywordSettingsShape, Library } from '../library/types.ts';
import { builder } from './builder.ts';
import { given } from './given.ts';

const WordLanguage = builder.enumType('WordLanguage', {
  description: 'What words are reduced to before they are compared.',
  values: {
    ENGLISH: { description: 'To their stems: `indexing` finds `indexed` (Porter).' },
    NONE: {
      description: 'To lower case without accents, and no further. For other languages, and for code.',
    },
  },
});

export const KeywordSettings = builder.objectRef<Library>('KeywordSettings').implement({
  description: 'How the texts of a library are found by their words.',
  fields: (t) => ({
    language: t.field({
      type: WordLanguage,
      description: 'What words are reduced to. Example: `ENGLISH`',
      resolve: ({ keywords }) => keywords.language,
    }),
    substrings: t.boolean({
      description:
        'Whether parts of words are indexed as well, for `text: { contains }` filters and `*part*` in a search.',
      resolve: ({ keywords }) => keywords.substrings,
    }),
    pendingChunks: t.int({
      description:
        'Chunks that are still to be indexed so, in the background, and are not found by their words until then. Example: `0`',
      resolve: ({ id }, _args, { reader }) => reader.pendingWords(id),
    }),
  }),
});

export const KeywordSettingsInput = builder.inputType('KeywordSettingsInput', {
  description:
    'How the texts of a library are to be found by their words; what is left out stays as it is. Example: `{ language: NONE, substrings: true }`',
  fields: (t) => ({
    language: t.field({
      type: WordLanguage,
      description: 'What words are reduced to; ENGLISH if never said. Example: `NONE`',
    }),
    substrings: t.boolean({
      description:
        'Whether to index parts of words too; false if never said. It makes writes slower: docs/searching.md has figures. Example: `true`',
    }),
  }),
});

/** The settings that an input asks for, completed from those before. */
export function keywordsFrom(
  input: typeof KeywordSettingsInput.$inferInput | null | undefined,
  before: KeywordSettingsShape,
): KeywordSettingsShape {
  return { ...before, ...given(input ?? {}) };
}
