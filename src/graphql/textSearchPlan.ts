import type {
  KeywordPlan as KeywordPlanShape,
  TextSearchPlan as TextSearchPlanShape,
} from '../search/TextSearch.ts';
import { builder } from './builder.ts';
import { SearchPlan } from './knnSearch.ts';
import { RerankPlan } from './rerank.ts';

export const SearchMode = builder.enumType('SearchMode', {
  description: 'How chunks are found.',
  values: {
    SEMANTIC: { description: 'By their meaning: the nearest vectors.' },
    KEYWORD: { description: 'By their words (BM25). Needs no vector.' },
    HYBRID: { description: 'Both ways, whose rankings are made one.' },
  },
});

const KeywordPlan = builder.objectRef<KeywordPlanShape>('KeywordPlan').implement({
  description: 'How words were looked up.',
  fields: (t) => ({
    terms: t.exposeInt('terms', { description: 'Different terms of the question. Example: `6`' }),
    known: t.exposeInt('known', { description: 'Of these, those that the library has. Example: `5`' }),
    deferred: t.exposeInt('deferred', {
      description:
        'Of these, those so common that, in parts of the library at least, they were looked up for those chunks alone that have a rarer one. Example: `3`',
    }),
    occurrences: t.exposeInt('occurrences', {
      description: 'Entries in the lists of terms that were looked at. Example: `812`',
    }),
    scored: t.exposeInt('scored', { description: 'Chunks that were scored. Example: `640`' }),
    pendingChunks: t.exposeInt('pending', {
      description: 'Chunks of the library whose words are not indexed yet. Example: `0`',
    }),
  }),
});

const TextSearchPhaseName = builder.enumType('TextSearchPhaseName', {
  description: 'The phases of a search by words and meaning.',
  values: {
    SEMANTIC: {
      description: 'The nearest by meaning were looked for; the plan of that has phases of its own.',
    },
    KEYWORD: { description: 'The best by words were looked for.' },
    FUSE: { description: 'The two rankings were made one.' },
    FETCH: { description: 'The chunks were read from the store.' },
    RERANK: { description: 'The first hits were judged anew.' },
    DIVERSIFY: { description: 'The hits were put in an order in which each differs from those before it.' },
  },
});

const TextSearchPhase = builder
  .objectRef<TextSearchPlanShape['phases'][number]>('TextSearchPhase')
  .implement({
    description: 'How long a phase took.',
    fields: (t) => ({
      name: t.expose('name', { type: TextSearchPhaseName, description: 'Which one. Example: `KEYWORD`' }),
      ms: t.exposeFloat('ms', { description: 'Milliseconds. Example: `1.8`' }),
    }),
  });

export const TextSearchPlan = builder.objectRef<TextSearchPlanShape>('TextSearchPlan').implement({
  description: 'What was done to answer a search by words and meaning, and why.',
  fields: (t) => ({
    mode: t.expose('mode', { type: SearchMode, description: 'How it was searched. Example: `HYBRID`' }),
    reason: t.exposeString('reason', {
      description:
        'What came of it, for people. Example: `"4 of the terms occur; 212 chunks were scored by them. 31 of 169 were found both ways."`',
    }),
    depth: t.exposeInt('depth', { description: 'How many of the best each way gave. Example: `100`' }),
    semantic: t.expose('semantic', {
      type: SearchPlan,
      nullable: true,
      description: 'How the nearest were found; null where only words were looked for.',
    }),
    keyword: t.expose('keyword', {
      type: KeywordPlan,
      nullable: true,
      description: 'How words were looked up; null where only meaning was looked for.',
    }),
    rerank: t.expose('rerank', {
      type: RerankPlan,
      nullable: true,
      description: 'What the reranker did; null where none was asked for.',
    }),
    phases: t.field({
      type: [TextSearchPhase],
      description: 'How long each phase took.',
      resolve: ({ phases }) => [...phases],
    }),
  }),
});
