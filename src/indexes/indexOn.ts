import { FlatIndex } from './FlatIndex.ts';
import { HnswIndex } from './HnswIndex.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import type { Segment } from './segment.ts';

/** The index of a segment's type, on that segment. */
export function indexOn(segment: Segment): SegmentIndex {
  return segment.layout.parameters.type === 'HNSW' ? new HnswIndex(segment) : new FlatIndex(segment);
}
