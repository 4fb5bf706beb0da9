/** One point of the curve from recall to speed. */
export interface CurvePoint {
  readonly effort: number;
  readonly recall: number;
  /** Queries per second. */
  readonly rate: number;
  /** Of the rounds: (fastest − slowest) ÷ median. */
  readonly spread: number;
  /** Milliseconds of one query. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a curve tells about a wanted recall. */
export interface RateAtRecall {
  readonly rate: number;
  /** Whether the least effort measured has a higher recall already, so that the true rate may be greater. */
  readonly isLowerBound: boolean;
}

/** How much of a hundred percent is still lost, as a logarithm: curves are almost straight lines in it. */
function lossOf(recall: number): number {
  return Math.log(Math.max(1e-6, 1 - recall));
}

/** The points that no other beats in both recall and rate, by ascending recall. */
export function frontier<T extends Pick<CurvePoint, 'recall' | 'rate'>>(points: readonly T[]): T[] {
  return points
    .filter((point) => !points.some((other) => beats(other, point)))
    .toSorted((a, b) => a.recall - b.recall);
}

function beats(
  one: Pick<CurvePoint, 'recall' | 'rate'>,
  other: Pick<CurvePoint, 'recall' | 'rate'>,
): boolean {
  const isNoWorse = one.recall >= other.recall && one.rate >= other.rate;
  return isNoWorse && (one.recall > other.recall || one.rate > other.rate);
}

/** The queries per second at a recall, interpolated between the neighbouring points of the frontier; undefined where no point reaches it. */
export function rateAtRecall(
  points: readonly Pick<CurvePoint, 'recall' | 'rate'>[],
  recall: number,
): RateAtRecall | undefined {
  const ascending = frontier(points);
  const above = ascending.find((point) => point.recall >= recall);
  if (above === undefined) return undefined;
  const below = ascending.findLast((point) => point.recall < recall);
  if (below === undefined) return { rate: above.rate, isLowerBound: above.recall > recall };
  const part = (lossOf(recall) - lossOf(below.recall)) / (lossOf(above.recall) - lossOf(below.recall));
  return {
    rate: Math.exp(Math.log(below.rate) * (1 - part) + Math.log(above.rate) * part),
    isLowerBound: false,
  };
}
