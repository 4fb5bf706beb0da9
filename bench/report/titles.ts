import type { Dataset } from '../data/Dataset.ts';

/** A dataset as tables and pictures name it. */
export function titleOf({ name, metric }: Dataset): string {
  return `${name}, ${metric}`;
}

/** A part as a whole percentage. */
export function percent(part: number): string {
  return Number.isFinite(part) ? `${(100 * part).toFixed(0)} %` : '–';
}
