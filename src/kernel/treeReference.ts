/**
 * The arithmetic of trees in plain TypeScript and float64: what the tests of assembly/leaf.ts and assembly/select.ts
 * compare with. Points are arrays of their components here, and boxes pairs of corners.
 */

/** The corners of a box. */
export interface Box {
  readonly least: readonly number[];
  readonly most: readonly number[];
}

/** The smallest box around some points. */
export function boxAround(points: readonly (readonly number[])[]): Box {
  const axes = (points[0] ?? []).map((_, axis) => points.map((point) => point[axis] ?? 0));
  return { least: axes.map((axis) => Math.min(...axis)), most: axes.map((axis) => Math.max(...axis)) };
}

/** The squared distance between a point and the nearest of a box. */
export function boxDistance({ least, most }: Box, query: readonly number[]): number {
  return query.reduce(
    (sum, x, axis) => sum + Math.max(0, (least[axis] ?? 0) - x, x - (most[axis] ?? 0)) ** 2,
    0,
  );
}

/** The greatest inner product with a point of a box, negated. */
export function boxProduct({ least, most }: Box, query: readonly number[]): number {
  return -query.reduce((sum, x, axis) => sum + Math.max(x * (least[axis] ?? 0), x * (most[axis] ?? 0)), 0);
}

/** The axis on which some points extend the farthest, the first of equal ones. */
export function widestAxis(points: readonly (readonly number[])[]): number {
  const { least, most } = boxAround(points);
  const widths = most.map((x, axis) => Math.fround(x - (least[axis] ?? 0)));
  return widths.indexOf(Math.max(...widths));
}
