import { EMPTY_RESULT, SegmentIndex } from './SegmentIndex.ts';
import type { SearchOptions, SearchResult } from './VectorIndex.ts';

/** The exact index: rows in a line, compared one and all. Right for some ten thousands of vectors, and as reference. */
export class FlatIndex extends SegmentIndex {
  protected addRow(ordinal: number): void {
    this.segment.kernel.insertRow(ordinal);
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    return k === 0 ? EMPTY_RESULT : this.searchExactly(query, k, options.allowed);
  }
}
