import { openImage } from './image.ts';
import { indexOn } from './indexOn.ts';
import type { SegmentIndex } from './SegmentIndex.ts';

/**
 * Reads an index from the file that its `save` wrote, with the revision that it was saved at.
 * @throws AlcoveError DamagedError when the file is not exactly that.
 */
export function openIndex(path: string): { index: SegmentIndex; revision: number } {
  const { segment, revision } = openImage(path);
  return { index: indexOn(segment), revision };
}
