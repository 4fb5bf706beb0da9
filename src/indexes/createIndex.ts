import { indexOn } from './indexOn.ts';
import { layoutOf } from './layout.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import { Segment } from './segment.ts';
import type { IndexParameters } from './VectorIndex.ts';

/**
 * A new, empty index.
 * @throws AlcoveError InvalidArgumentError for parameters out of range.
 */
export function createIndex(parameters: IndexParameters): SegmentIndex {
  return indexOn(Segment.create(layoutOf(parameters)));
}
