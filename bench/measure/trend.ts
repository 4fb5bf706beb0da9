/** A straight line through points, by least squares. */
export interface Trend {
  /** Of the line, a unit of x. */
  readonly slope: number;
  /** Of the slope, as far as the points scatter by themselves; points that hang together make it too small. */
  readonly standardError: number;
  readonly mean: number;
}

/** @param points at least three, not all at one x. */
export function trendOf(points: readonly (readonly [x: number, y: number])[]): Trend {
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const mean = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spreadX = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0) / spreadX;
  const left = points.reduce((sum, [x, y]) => sum + (y - mean - slope * (x - meanX)) ** 2, 0);
  return { slope, standardError: Math.sqrt(left / (count - 2) / spreadX), mean };
}
