/** The extension of index files. */
export const SEGMENT_EXTENSION = '.alcove';

/** The file of an index's segment, from 0, if the first one's is `path`: `3.alcove`, then `3-1.alcove`, `3-2.alcove` … */
export function segmentPath(path: string, segment: number): string {
  if (segment === 0) return path;
  return `${path.slice(0, -SEGMENT_EXTENSION.length)}-${segment}${SEGMENT_EXTENSION}`;
}
