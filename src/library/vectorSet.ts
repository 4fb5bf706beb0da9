import { AlcoveError } from '../errors.ts';
import type { LibraryRow } from '../store/libraries.ts';
import type { EmbeddingContract } from './types.ts';

/** Which set of a library's vectors serves. Embedding a library anew makes the next one. */
export interface VectorSet {
  /** Grows by one with every embedding contract that takes the place of another. */
  readonly number: number;
  /** The generation of the first index of this set: one of an earlier generation holds vectors of another model. */
  readonly since: number;
}

/**
 * What is being done beside the set that serves. FILLING: a job writes the vectors of the next contract. Chunks with
 * ordinals up to `upTo` have theirs, and the others have none. CLEARING: what is there is of no use any more, and is
 * deleted bit by bit; nothing is left of it up to the ordinal `upTo`.
 */
export type NextSet =
  | {
      readonly state: 'FILLING';
      readonly jobId: string;
      /** Its dimension is known from the first vector on. */
      readonly embedding: Omit<EmbeddingContract, 'frozen'>;
      readonly upTo: number;
    }
  | { readonly state: 'CLEARING'; readonly upTo: number };

/** What is being done beside a library's serving set; undefined: nothing. */
export function toNextSet({ nextSet }: Pick<LibraryRow, 'nextSet'>): NextSet | undefined {
  return nextSet === null ? undefined : (JSON.parse(nextSet) as NextSet);
}

/** What is put into the detail of the refusal below, by which it is known. */
const REEMBEDDED = 'vectors of the model before';

/**
 * Refuses vectors that were made here for a set that does not serve any more: they have to be made again.
 * @throws AlcoveError EmbedderError, retryable; see {@link isReembedded}.
 */
export function checkVectorSet(library: LibraryRow, vectorSet: number | undefined): void {
  if (vectorSet !== undefined && vectorSet !== library.vectorSet) throw reembedded(library);
}

/** What was asked with vectors of the model that a library had before cannot be answered: they have to be taken again. */
export function reembedded({
  provider,
  model,
}: Pick<EmbeddingContract, 'model'> & { provider: string }): AlcoveError {
  return new AlcoveError(
    'EmbedderError',
    `The library changed to ${provider} ${model} while this was embedded; nothing was written. Try again.`,
    { retryable: true, detail: { provider, model, got: REEMBEDDED } },
  );
}

/** Whether something was refused only because its library has changed to another model since it was begun. */
export function isReembedded(error: unknown): boolean {
  return error instanceof AlcoveError && error.kind === 'EmbedderError' && error.detail.got === REEMBEDDED;
}
