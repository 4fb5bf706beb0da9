/** The value below which a part of the values lies; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.floor(part * ascending.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = ascending.length >> 1;
  if (ascending.length % 2 === 1) return ascending[middle] as number;
  return ((ascending[middle - 1] ?? Number.NaN) + (ascending[middle] ?? Number.NaN)) / 2;
}

/** What several rounds of the same work gave. */
export interface Measured {
  readonly median: number;
  /** Of times: nearest to what the work takes by itself, for whatever else a machine does only adds to it. */
  readonly least: number;
  /** How far the rounds lie apart: (largest − smallest) ÷ median. */
  readonly spread: number;
}

export function measured(values: readonly number[]): Measured {
  const middle = median(values);
  const least = Math.min(...values);
  return { median: middle, least, spread: (Math.max(...values) - least) / middle };
}
