import { MAX_CHUNK_SIZE, MIN_CHUNK_SIZE } from '../library/limits.ts';
import type { ChunkingSettings as ChunkingSettingsShape } from '../library/types.ts';
import { builder } from './builder.ts';

const ChunkingWay = builder.enumType('ChunkingWay', {
  description: 'Where a text is cut.',
  values: {
    HEADINGS: {
      description:
        'At headings, then at paragraphs, and at sentences where a paragraph is too long. No chunk stands under two headings.',
    },
    SENTENCES: { description: 'Between sentences, whatever heading or paragraph they stand in.' },
    TOKENS: { description: 'Between words, in windows of equal size: `unit` is TOKENS.' },
  },
});

const ChunkingUnit = builder.enumType('ChunkingUnit', {
  description: 'What sizes of chunks are counted in.',
  values: {
    CHARACTERS: { description: 'UTF-16 code units.' },
    TOKENS: {
      description:
        'Tokens of the o200k_base vocabulary. Models count their own: leave some room below what yours reads.',
    },
  },
});

export const ChunkingSettings = builder.objectRef<ChunkingSettingsShape>('ChunkingSettings').implement({
  description: 'How texts are split into chunks.',
  fields: (t) => ({
    by: t.expose('by', { type: ChunkingWay, description: 'Where they are cut. Example: `HEADINGS`' }),
    unit: t.expose('unit', {
      type: ChunkingUnit,
      description: 'What sizes are counted in. Example: `CHARACTERS`',
    }),
    size: t.exposeInt('size', { description: 'A chunk is filled up to here. Example: `800`' }),
    maxSize: t.exposeInt('maxSize', {
      description:
        'No chunk is larger; a paragraph or sentence above `size` stays whole up to here. Example: `1200`',
    }),
    overlap: t.exposeInt('overlap', {
      description:
        'A chunk begins with up to so much of the end of the one before, in whole sentences. Example: `0`',
    }),
  }),
});

const SIZES = `${MIN_CHUNK_SIZE} to ${MAX_CHUNK_SIZE.toLocaleString('en')}`;

export const ChunkingSettingsInput = builder.inputType('ChunkingSettingsInput', {
  description:
    'How to split texts into chunks; what is left out stays as it is, or follows what changes. Example: `{ by: TOKENS, size: 256, overlap: 32 }`',
  fields: (t) => ({
    by: t.field({ type: ChunkingWay, description: 'Where to cut; HEADINGS at first. Example: `SENTENCES`' }),
    unit: t.field({
      type: ChunkingUnit,
      description: 'What sizes are counted in; CHARACTERS at first, TOKENS by TOKENS. Example: `TOKENS`',
    }),
    size: t.int({
      description: `Up to where a chunk is filled, ${SIZES}; 800 characters or 200 tokens at first. Example: \`400\``,
    }),
    maxSize: t.int({
      description:
        'The greatest size, from `size`; one and a half of it at first, `size` itself by TOKENS. Example: `600`',
    }),
    overlap: t.int({
      description:
        'How much of the end of the one before a chunk begins with, up to half of `size`; 0 at first. Example: `80`',
    }),
  }),
});
