import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchMode } from '../../src/search/TextSearch.ts';
import { TestApi } from '../graphql/TestApi.ts';
import { type Kind, QUESTIONS } from './evaluation/questions.ts';

const CORPUS = join(import.meta.dirname, 'evaluation');
const MODES: readonly SearchMode[] = ['SEMANTIC', 'KEYWORD', 'HYBRID'];

let api: TestApi;
let texts: ReadonlyMap<string, string>;
beforeAll(async () => {
  api = await TestApi.start();
  await api.data('mutation { createLibrary(input: { name: "docs" }) { __typename } }');
  for (const file of readdirSync(CORPUS).filter((name) => name.endsWith('.txt'))) {
    const input = {
      library: { name: 'docs' },
      title: file,
      contentType: 'text/markdown',
      content: { text: readFileSync(join(CORPUS, file), 'utf8') },
    };
    await api.data(
      'mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { __typename } }',
      { input },
    );
  }
  const { library } = await api.data(
    '{ library(by: { name: "docs" }) { chunks(first: 1000) { edges { node { id text } } } } }',
  );
  texts = new Map(
    library.chunks.edges.map(({ node }: { node: { id: string; text: string } }) => [node.id, node.text]),
  );
});
afterAll(() => api.close());

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

/** The ids of the passages that answer a question. */
function answersTo(answer: string): Set<string> {
  return new Set([...texts].filter(([, text]) => flat(text).includes(flat(answer))).map(([id]) => id));
}

async function found(question: string, mode: SearchMode, more: object = {}): Promise<string[]> {
  const input = { library: { name: 'docs' }, query: { text: question }, mode, k: 10, ...more };
  const { search } = await api.data(
    'query ($input: SearchInput!) { search(input: $input) { ... on SearchConnection { edges { node { id } } } } }',
    { input },
  );
  return search.edges.map(({ node }: { node: { id: string } }) => node.id);
}

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002), answers counting 1. */
function ndcg(ids: readonly string[], answers: ReadonlySet<string>): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  const got = ids.slice(0, 10).reduce((sum, id, place) => sum + (answers.has(id) ? gain(place) : 0), 0);
  const best = Array.from({ length: Math.min(10, answers.size) }, (_, place) => gain(place));
  return got / best.reduce((sum, one) => sum + one, 0);
}

function recallAt5(ids: readonly string[], answers: ReadonlySet<string>): number {
  return ids.slice(0, 5).filter((id) => answers.has(id)).length / Math.min(5, answers.size);
}

interface Figures {
  readonly ndcg: number;
  readonly recall: number;
}

async function figuresOf(mode: SearchMode, more: object = {}): Promise<Map<Kind | 'all', Figures>> {
  const sums = new Map<Kind | 'all', { count: number; ndcg: number; recall: number }>();
  for (const [kind, question, answer] of QUESTIONS) {
    const ids = await found(question, mode, more);
    for (const key of [kind, 'all'] as const) {
      const sum = sums.get(key) ?? { count: 0, ndcg: 0, recall: 0 };
      const answers = answersTo(answer);
      sums.set(key, {
        count: sum.count + 1,
        ndcg: sum.ndcg + ndcg(ids, answers),
        recall: sum.recall + recallAt5(ids, answers),
      });
    }
  }
  return new Map(
    [...sums].map(([key, { count, ...sum }]) => [
      key,
      { ndcg: sum.ndcg / count, recall: sum.recall / count },
    ]),
  );
}

function lineOf(name: string, figures: ReadonlyMap<Kind | 'all', Figures>): string {
  const of = (key: Kind | 'all') => {
    const { ndcg = 0, recall = 0 } = figures.get(key) ?? {};
    return `${key} ${ndcg.toFixed(3)} / ${recall.toFixed(3)}`;
  };
  return `${name.padEnd(9)} ${(['all', 'natural', 'exact', 'typo', 'paraphrase'] as const).map(of).join('   ')}`;
}

describe('the labelled questions', () => {
  it('are sixty and more, and each has an answer among the passages', () => {
    expect(QUESTIONS.length).toBeGreaterThanOrEqual(60);
    expect(QUESTIONS.filter(([, , answer]) => answersTo(answer).size === 0)).toEqual([]);
  });

  it('are answered by both ways together no worse than by either alone', async () => {
    const figures = new Map<SearchMode, Figures>();
    const lines: string[] = [`nDCG@10 / recall@5 of ${QUESTIONS.length} questions, ${texts.size} passages`];
    for (const mode of MODES) {
      const measured = await figuresOf(mode);
      figures.set(mode, measured.get('all') ?? { ndcg: 0, recall: 0 });
      lines.push(lineOf(mode, measured));
    }
    for (const fusion of process.env.EVALUATION_FUSIONS ? JSON.parse(process.env.EVALUATION_FUSIONS) : []) {
      lines.push(lineOf(JSON.stringify(fusion), await figuresOf('HYBRID', { fusion })));
    }
    process.stdout.write(`${lines.join('\n')}\n`);
    const both = figures.get('HYBRID');
    for (const mode of ['SEMANTIC', 'KEYWORD'] as const) {
      expect(both?.ndcg).toBeGreaterThanOrEqual(figures.get(mode)?.ndcg ?? 1);
      expect(both?.recall).toBeGreaterThanOrEqual(figures.get(mode)?.recall ?? 1);
    }
  });
});
