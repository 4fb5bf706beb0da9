import { DEFAULT_RERANK_DEPTH } from '../search/rerankHits.ts';
import type { Reranked as RerankedShape, RerankPlan as RerankPlanShape } from '../search/TextSearch.ts';
import { builder } from './builder.ts';

const RerankProvider = builder.enumType('RerankProvider', {
  description: 'Who puts hits in a better order.',
  values: {
    LEXICAL: {
      description:
        "A rule of this server's: how much of the question a text has, and how near together, misspelt or not. No network, no key.",
    },
    COHERE: { description: 'A reranking model of Cohere; the operator sets ALCOVE_COHERE_API_KEY.' },
  },
});

const IfRerankerUnavailable = builder.enumType('IfRerankerUnavailable', {
  description: 'What becomes of an answer whose reranker fails.',
  values: {
    FAIL: { description: 'A RerankerError.' },
    KEEP_ORDER: { description: 'The hits as they were before, with a note in the plan.' },
  },
});

export const RerankInput = builder.inputType('RerankInput', {
  description: 'That the first hits be judged anew. Example: `{ provider: LEXICAL, depth: 50 }`',
  fields: (t) => ({
    provider: t.field({ type: RerankProvider, required: true, description: 'By whom. Example: `COHERE`' }),
    model: t.string({
      description: 'By which model; a default of the provider if left out. Example: `"rerank-v3.5"`',
    }),
    depth: t.int({
      description: `How many of the first hits, 1 to 200; ${DEFAULT_RERANK_DEPTH} if left out. Example: \`100\``,
    }),
    ifUnavailable: t.field({
      type: IfRerankerUnavailable,
      description: 'What if it fails; FAIL if left out. Example: `KEEP_ORDER`',
    }),
  }),
});

export const Reranked = builder.objectRef<RerankedShape>('Reranked').implement({
  description: 'How the reranker judged a hit.',
  fields: (t) => ({
    score: t.exposeFloat('score', { description: 'More is better. Example: `0.97`' }),
    rank: t.exposeInt('rank', { description: 'From 1, by that score. Example: `1`' }),
    rankBefore: t.exposeInt('rankBefore', { description: 'From 1, before it was reranked. Example: `7`' }),
  }),
});

export const RerankPlan = builder.objectRef<RerankPlanShape>('RerankPlan').implement({
  description: 'What the reranker did. Each hit has its rank and score before and after.',
  fields: (t) => ({
    provider: t.expose('provider', { type: RerankProvider, description: 'Who it was. Example: `LEXICAL`' }),
    model: t.exposeString('model', { description: 'With which model. Example: `"alcove-lexical-1"`' }),
    count: t.exposeInt('count', { description: 'Hits that it judged. Example: `50`' }),
    note: t.exposeString('note', {
      nullable: true,
      description:
        'Why there are none, where it failed and the order was kept; null otherwise. Example: `"The reranker COHERE rerank-v3.5 answered with HTTP 503. The hits are in the order that they had before."`',
    }),
    ms: t.exposeFloat('ms', { description: 'Milliseconds that it took. Example: `210.5`' }),
  }),
});
