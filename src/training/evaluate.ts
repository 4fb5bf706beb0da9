import type { Embedder } from '../embedding/Embedder.ts';
import type { Turns } from '../embedding/Turns.ts';
import { contentWords } from '../embedding/words.ts';
import { randomNumbers } from './random.ts';

/** A rank up to here counts as found. */
const K = 10;
/** A sentence that says less is no question. */
const MIN_WORDS = 3;
/** A passage that is asked about has as many sentences at least. */
const MIN_SENTENCES = 2;

/** A question whose answer is known. */
export interface Question {
  readonly query: string;
  /** The index of the passage that answers it. */
  readonly answer: number;
}

/** How many answers were among the first ten, and how far ahead. */
export interface Retrieval {
  readonly questions: number;
  /** Part of the questions whose passage is among the first {@link K}. */
  readonly recall: number;
  /** Normalised discounted cumulative gain at {@link K}: 1 if the passage is always the first. */
  readonly ndcg: number;
}

/** Passages with a sentence taken out of each, and the sentences as questions. */
export interface Exam {
  readonly passages: readonly string[];
  /** The sentences as they are. */
  readonly sentences: readonly Question[];
  /** The same without the words that are in the passage too: only what the words mean can find it. */
  readonly otherWords: readonly Question[];
}

/**
 * Makes questions of passages: a sentence is taken out of its passage, which is then to be found by it (the inverse cloze
 * task; Lee, Chang and Toutanova, "Latent retrieval", 2019).
 */
export function inverseCloze(texts: readonly string[], seed: number): Exam {
  const random = randomNumbers(seed);
  const passages: string[] = [];
  const sentences: Question[] = [];
  const otherWords: Question[] = [];
  for (const text of texts) {
    const parts = text.split(/(?<=[.!?。])\s+|\n+/u).filter((part) => contentWords(part).length >= MIN_WORDS);
    const query = parts[Math.floor(random() * parts.length)];
    if (query === undefined || parts.length < MIN_SENTENCES) continue;
    const rest = text.replace(query, ' ');
    const answer = passages.length;
    const inPassage = new Set(contentWords(rest));
    const others = contentWords(query).filter((word) => !inPassage.has(word));
    passages.push(rest);
    sentences.push({ query, answer });
    if (others.length >= MIN_WORDS) otherWords.push({ query: others.join(' '), answer });
  }
  return { passages, sentences, otherWords };
}

/** How well an embedder whose vectors have norm 1 finds the answers among the passages. Ties count against it. */
export async function measureRetrieval(
  embedder: Embedder,
  passages: readonly string[],
  questions: readonly Question[],
  turns: Turns,
): Promise<Retrieval> {
  const found = await embedder.embed(passages, { mode: 'DOCUMENT' });
  const asked = await embedder.embed(
    questions.map(({ query }) => query),
    { mode: 'QUERY' },
  );
  let hits = 0;
  let gain = 0;
  for (const [row, { answer }] of questions.entries()) {
    const near = similarities(asked.vectors, row, found.vectors, found.dimension);
    const rank = near.filter(
      (similarity, at) => at !== answer && similarity >= (near[answer] as number),
    ).length;
    if (rank < K) {
      hits += 1;
      gain += 1 / Math.log2(rank + 2);
    }
    if (turns.due()) await turns.next();
  }
  const count = Math.max(1, questions.length);
  return { questions: questions.length, recall: hits / count, ndcg: gain / count };
}

function similarities(
  queries: Float32Array,
  row: number,
  passages: Float32Array,
  dimension: number,
): Float64Array {
  const near = new Float64Array(passages.length / dimension);
  for (let passage = 0; passage < near.length; passage++) {
    let sum = 0;
    for (let at = 0; at < dimension; at++) {
      sum += (queries[row * dimension + at] as number) * (passages[passage * dimension + at] as number);
    }
    near[passage] = sum;
  }
  return near;
}
