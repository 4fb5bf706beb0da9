import { rmSync } from 'node:fs';
import { indexOn } from './indexOn.ts';
import { layoutOf } from './layout.ts';
import { RowFile, rowsPath } from './RowFile.ts';
import type { SegmentIndex } from './SegmentIndex.ts';
import { Segment } from './segment.ts';
import type { IndexParameters } from './VectorIndex.ts';

/**
 * A new, empty index. `path`: where it will be saved, beside which vectors that are kept on disk lie from the beginning.
 * @throws AlcoveError InvalidArgumentError for parameters out of range.
 */
export function createIndex(parameters: IndexParameters, path?: string): SegmentIndex {
  const layout = layoutOf(parameters);
  if (layout.parameters.vectors === 'IN_MEMORY') return indexOn(Segment.create(layout));
  if (path === undefined) throw new Error('index: vectors on disk want a path to lie at');
  // An image that is there would name other vectors than those that will be beside it.
  rmSync(path, { force: true });
  return indexOn(Segment.create(layout, RowFile.create(rowsPath(path), layout.rowBytes)));
}
