import { FlatIndex } from './FlatIndex.ts';
import { HnswIndex } from './HnswIndex.ts';
import { KdTreeIndex } from './KdTreeIndex.ts';
import { LshIndex } from './LshIndex.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import type { Segment } from './segment.ts';

/** The index of a segment's type, on that segment. */
export function indexOn(segment: Segment): SegmentIndex {
  const { type } = segment.layout.parameters;
  if (type === 'HNSW') return new HnswIndex(segment);
  if (type === 'LSH') return new LshIndex(segment);
  return type === 'KD_TREE' ? new KdTreeIndex(segment) : new FlatIndex(segment);
}
