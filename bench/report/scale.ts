/** How numbers lie along an axis. loss: recall, stretched towards 1 by the logarithm of what is missing. */
export type ScaleName = 'linear' | 'log' | 'loss';

export interface Scale {
  /** From 0 at the low end to 1 at the high one. */
  place(value: number): number;
  readonly ticks: readonly number[];
}

/** Recalls above are drawn at this one: nothing is missing, and that has no logarithm. */
const FULLEST = 0.9995;
const RECALL_TICKS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];
const MOST_TICKS = 8;

function transform(name: ScaleName): (value: number) => number {
  if (name === 'log') return (value) => Math.log10(Math.max(value, Number.MIN_VALUE));
  if (name === 'loss') return (value) => -Math.log10(1 - Math.min(value, FULLEST));
  return (value) => value;
}

/** A scale that holds all the values, ends on ticks where it can, and begins at zero if it is linear. */
export function scaleOf(name: ScaleName, values: readonly number[]): Scale {
  const finite = values.filter(Number.isFinite);
  const lowest = Math.min(...finite, name === 'linear' ? 0 : Number.POSITIVE_INFINITY);
  const highest = Math.max(...finite);
  const ticks = ticksOf(name, lowest, highest);
  const to = transform(name);
  const ends =
    name === 'loss' ? [lowest, highest] : [Math.min(lowest, ...ticks), Math.max(highest, ...ticks)];
  const [from, until] = ends.map(to) as [number, number];
  const length = until - from || 1;
  return { place: (value) => (to(value) - from) / length, ticks };
}

function ticksOf(name: ScaleName, lowest: number, highest: number): number[] {
  if (name === 'loss') return RECALL_TICKS.filter((tick) => tick >= lowest && tick <= highest);
  if (name === 'log') return logTicks(lowest, highest);
  return linearTicks(highest);
}

/** 1, 2 and 5 times each power of ten from just below the lowest to just above the highest; powers alone where that is too many. */
function logTicks(lowest: number, highest: number): number[] {
  const first = Math.floor(Math.log10(lowest));
  const last = Math.ceil(Math.log10(highest));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const steps = powers.length > 4 ? [1] : [1, 2, 5];
  const all = powers.flatMap((power) => steps.map((step) => step * power));
  const below = all.findLast((tick) => tick <= lowest) ?? lowest;
  const above = all.find((tick) => tick >= highest) ?? highest;
  return all.filter((tick) => tick >= below && tick <= above);
}

/** From zero, by 1, 2 or 5 times a power of ten. */
function linearTicks(highest: number): number[] {
  if (highest <= 0) return [0];
  const rough = highest / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(12)),
  );
}
