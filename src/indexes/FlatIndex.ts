import { EMPTY_RESULT, SegmentIndex } from './SegmentIndex.ts';
import type { SearchOptions, SearchResult } from './VectorIndex.ts';

/**
 * The exact index: rows in a line, compared one and all. Above 32 dimensions what is read of all of them is an 8-bit
 * code, a quarter of the row: bounds on the error leave some tens of rows to compare (kernel/assembly/certified.ts), and
 * ordinals and distances are those of a scan of the rows, bit for bit.
 *
 * Time: a search reads n · (dimension + 12) bytes, at the speed of the memory: 100,000 × 384 take about 2 ms.
 * Space: n · (5 · dimension + 16) bytes; nothing besides. An insertion takes microseconds and disturbs nothing.
 *
 * Choose it for up to some ten thousands of vectors, where answers must be exact, or where every search is filtered to
 * few. Beyond, a graph answers in a hundredth of the time, and in few dimensions a tree does, exactly as well.
 */
export class FlatIndex extends SegmentIndex {
  protected addRow(ordinal: number): void {
    this.segment.kernel.insertRow(ordinal);
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    return k === 0 ? EMPTY_RESULT : this.searchExactly(query, k, options.allowed);
  }
}
