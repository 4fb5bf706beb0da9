import { indexOn } from './indexOn.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import { Segment, type SharedSegment } from './segment.ts';

/**
 * The same index in another thread. Detach it when the thread is done with it; `releaseZones` does that for a thread
 * that could not.
 * @throws AlcoveError OverloadedError when 64 are attached already.
 */
export function attachIndex(shared: SharedSegment): SegmentIndex {
  return indexOn(Segment.attach(shared));
}
