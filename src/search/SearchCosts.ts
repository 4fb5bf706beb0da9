import type { IndexParameters, VectorIndex } from '../indexes/VectorIndex.ts';

/** What the steps of a search of one index take, in nanoseconds. */
export interface SearchCosts {
  /** One vector compared in a scan of all. */
  readonly vectorNs: number;
  /** One unit of effort of a walk through the graph. */
  readonly effortNs: number;
}

/** Measured at 30,000 × 384: 53 ns for a vector, 750 to 1,000 ns for a node; used until this index has been timed. */
const VECTOR_NS = 8;
const VECTOR_NS_PER_COMPONENT = 0.12;
/** Scans of an index with binary codes compare the vectors themselves, which may lie on disk. */
const ROW_NS_PER_COMPONENT = 0.4;
const ROW_ON_DISK_NS = 2_000;
const NODE_NS = 500;
const NODE_NS_PER_COMPONENT = 1.3;

/** How much of the newest timing goes into the average. */
const NEWEST = 0.2;
/** A timing counts as no more than so many times the average: a thread may have been interrupted. */
const MOST = 3;

/** What searches have taken on this thread, index by index: each search is a timing of the next one's costs. */
export class MeasuredCosts {
  readonly #measured = new WeakMap<VectorIndex, Partial<SearchCosts>>();

  of(index: VectorIndex): SearchCosts {
    const { dimension } = index.parameters;
    return {
      vectorNs: scannedNs(index.parameters),
      effortNs: NODE_NS + NODE_NS_PER_COMPONENT * dimension,
      ...this.#measured.get(index),
    };
  }

  /** So many vectors of an index were all compared. */
  scanned(index: VectorIndex, vectors: number, ms: number): void {
    this.#note(index, 'vectorNs', (ms * 1e6) / vectors);
  }

  /** The graph of an index was walked with an effort, and without a filter. */
  walked(index: VectorIndex, effort: number, ms: number): void {
    this.#note(index, 'effortNs', (ms * 1e6) / effort);
  }

  #note(index: VectorIndex, what: keyof SearchCosts, ns: number): void {
    const before = this.#measured.get(index);
    const average = before?.[what];
    const next = average === undefined ? ns : average + NEWEST * (Math.min(ns, MOST * average) - average);
    this.#measured.set(index, { ...before, [what]: next });
  }
}

/** What one vector of a scan takes, before any was timed. */
function scannedNs({ dimension, codes, vectors }: IndexParameters): number {
  if (codes !== 'BINARY') return VECTOR_NS + VECTOR_NS_PER_COMPONENT * dimension;
  return VECTOR_NS + ROW_NS_PER_COMPONENT * dimension + (vectors === 'ON_DISK' ? ROW_ON_DISK_NS : 0);
}
