import { indexOn } from './indexOn.ts';
import { SegmentedIndex } from './SegmentedIndex.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import { Segment, type SharedSegment, type SharedSegments } from './segment.ts';

/**
 * The same index in another thread. Detach it when the thread is done with it; `releaseZones` does that for a thread
 * that could not. Segments that `before`, the same index as it was, is attached to already are taken over from it.
 * @throws AlcoveError OverloadedError when as many are attached as there are zones.
 */
export function attachIndex(shared: SharedSegment): SegmentIndex;
export function attachIndex(shared: SharedSegments, before?: SegmentedIndex): SegmentedIndex;
export function attachIndex(shared: SharedSegment | SharedSegments): SegmentIndex | SegmentedIndex;
export function attachIndex(
  shared: SharedSegment | SharedSegments,
  before?: SegmentedIndex,
): SegmentIndex | SegmentedIndex {
  if ('memory' in shared) return indexOn(Segment.attach(shared));
  const held = new Map(before?.segments.map((segment) => [segment.id, segment]));
  const segments = shared.segments.map((one) => held.get(one.id) ?? indexOn(Segment.attach(one)));
  return new SegmentedIndex(shared.parameters, segments, shared);
}
