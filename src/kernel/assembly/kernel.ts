/**
 * The kernel: what is exported to TypeScript. One instance per thread and segment, over the segment's shared memory.
 * Nothing here has static data or a heap: an instantiation must not write into a memory that is in use.
 */
import * as distance from './distance';

export { attach } from './segment';
export {
  bury, copyRow, findSlots, liveOrdinals, ordinalOf, searchExactly,
} from './exact';
export { insertNode, insertRow } from './insert';
export { searchGraph } from './search';
export { layerOf, linksOf, parentOf, twinOf } from './inspect';

// The building blocks, for the tests that compare them with their plain twins.
export { dotCodes, dotRows, squaredRows } from './distance';
export { codeSquares, codeSum, decodeSigned, encodeRow, inverseNorm, sameBytes } from './encode';

/** {@link distance.dotCodes4}, written to `out` (i32 × 4). */
export function dotCodes4(signed: usize, c0: usize, c1: usize, c2: usize, c3: usize, bytes: usize, out: usize): void {
  v128.store(out, distance.dotCodes4(signed, c0, c1, c2, c3, bytes));
}
