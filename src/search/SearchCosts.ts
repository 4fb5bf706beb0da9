import type { VectorIndex } from '../indexes/VectorIndex.ts';

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
      vectorNs: VECTOR_NS + VECTOR_NS_PER_COMPONENT * dimension,
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
