import { AlcoveError } from '../errors.ts';
import type { ChunkWrite, VectorRows } from '../library/commands.ts';
import { type CutText, cutTexts } from '../library/indexedText.ts';
import { inTurns } from '../library/inTurns.ts';
import type { EmbeddingContract, Library } from '../library/types.ts';
import type { Embedder } from './Embedder.ts';

/** A chunk to write, its vector still apart: the one given, or undefined where it is to be made of the text. */
export type ChunkDraft = Omit<ChunkWrite, 'row'> & { readonly vector: Float32Array | undefined };

/** Who makes vectors, and until when. */
export interface Embedding {
  /** @throws AlcoveError InvalidArgumentError when the contract has no embedder of ours. */
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
  readonly signal: AbortSignal;
}

/** @throws AlcoveError InvalidVectorError for a chunk that has no vector where nobody here could make one. */
export function checkHasVector(draft: ChunkDraft, library: Library): void {
  if (draft.vector || library.embedding.provider !== 'EXTERNAL') return;
  const [got, expected] = ['a chunk without a vector', 'one with a vector'];
  throw new AlcoveError(
    'InvalidVectorError',
    `Got ${got}; expected ${expected}, since the library's vectors come from its callers (provider EXTERNAL).`,
    { path: ['embedding'], detail: { got, expected } },
  );
}

/** The vectors of drafts, as a command takes them, and what is known of each row besides. */
export interface DraftRows {
  readonly vectors: VectorRows;
  readonly truncated: ReadonlySet<number>;
  /** The words of each text. */
  readonly words: readonly CutText[];
  /** The set that they were made for, where any were made here. */
  readonly vectorSet?: number;
}

/**
 * The vectors of chunks, row by row: those given, and those that the library's model makes, in one call, of the texts
 * that have none.
 * @throws AlcoveError EmbedderError
 */
export async function rowsOf(
  drafts: readonly ChunkDraft[],
  library: Library,
  context: Embedding,
): Promise<DraftRows> {
  const made = await embedMissing(drafts, library, context);
  const offsets = new Uint32Array(drafts.length + 1);
  const rows = drafts.map((draft, row) => draft.vector ?? (made.vectors.get(row) as Float32Array));
  rows.forEach((row, index) => {
    offsets[index + 1] = (offsets[index] as number) + row.length;
  });
  const values = new Float32Array(offsets.at(-1) as number);
  await inTurns(rows, (row, index) => values.set(row, offsets[index]));
  const texts = drafts.map(({ text }) => text);
  const words = await cutTexts(texts, library.keywords.language);
  const isMade = made.vectors.size > 0;
  return {
    vectors: { values, offsets },
    truncated: made.truncated,
    words,
    ...(isMade ? { vectorSet: library.vectorSet.number } : {}),
  };
}

/** The vectors of the drafts that have none, by row. */
async function embedMissing(
  drafts: readonly ChunkDraft[],
  library: Library,
  { embedderFor, signal }: Embedding,
): Promise<{ readonly vectors: ReadonlyMap<number, Float32Array>; readonly truncated: ReadonlySet<number> }> {
  const rows = [...drafts.keys()].filter((row) => drafts[row]?.vector === undefined);
  if (rows.length === 0) return { vectors: new Map(), truncated: new Set() };
  const texts = rows.map((row) => drafts[row]?.text ?? '');
  const embedder = await embedderFor(library.embedding);
  const { vectors, dimension, truncated } = await embedder.embed(texts, { mode: 'DOCUMENT', signal });
  return {
    vectors: new Map(rows.map((row, at) => [row, vectors.subarray(at * dimension, (at + 1) * dimension)])),
    truncated: new Set(truncated.map((at) => rows[at] as number)),
  };
}

/** What is known of the rows of a command. */
export type KnownRows = Pick<DraftRows, 'truncated' | 'words'>;

/** A chunk with the row of its vector, and what is known of that. */
export function withRow<Write extends object>(write: Write, row: number, { truncated, words }: KnownRows) {
  const cut = words[row];
  return { ...write, row, ...(truncated.has(row) ? { truncated: true } : {}), ...(cut && { words: cut }) };
}
