import { openImage } from './image.ts';
import { indexOn } from './indexOn.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import type { ImageOrigin } from './VectorIndex.ts';

/**
 * Reads an index from the file that its `save` wrote, with the origin that it was given.
 * @throws AlcoveError DamagedError when the file is not exactly that.
 */
export function openIndex(path: string): { index: SegmentIndex; origin: ImageOrigin } {
  const { segment, origin } = openImage(path);
  return { index: indexOn(segment), origin };
}
