import { FlatIndex } from './FlatIndex.ts';
import { HnswIndex } from './HnswIndex.ts';
import { openImage } from './image.ts';
import { imageBytes, layoutOf, scratchBytes } from './layout.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import { Segment, type SharedSegment } from './segment.ts';
import type { IndexParameters } from './VectorIndex.ts';

function indexOn(segment: Segment): SegmentIndex {
  return segment.layout.parameters.type === 'HNSW' ? new HnswIndex(segment) : new FlatIndex(segment);
}

/**
 * A new, empty index.
 * @throws AlcoveError InvalidArgumentError for parameters out of range.
 */
export function createIndex(parameters: IndexParameters): SegmentIndex {
  return indexOn(Segment.create(layoutOf(parameters)));
}

/**
 * Reads an index from the file that its `save` wrote, with the revision that it was saved at.
 * @throws AlcoveError DamagedError when the file is not exactly that.
 */
export function openIndex(path: string): { index: SegmentIndex; revision: number } {
  const { segment, revision } = openImage(path);
  return { index: indexOn(segment), revision };
}

/**
 * The same index in another thread. Detach it when the thread is done with it; `releaseZones` does that for a thread
 * that could not.
 * @throws AlcoveError OverloadedError when 64 are attached already.
 */
export function attachIndex(shared: SharedSegment): SegmentIndex {
  return indexOn(Segment.attach(shared));
}

/** Bytes of memory that an index of `count` vectors takes with one thread attached. */
export function estimateBytes(parameters: IndexParameters, count: number): number {
  const layout = layoutOf(parameters);
  return imageBytes(layout, count) + scratchBytes(layout, count);
}
