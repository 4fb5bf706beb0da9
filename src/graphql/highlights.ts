import { AlcoveError } from '../errors.ts';

const MAX_FRAGMENTS = 20;
const MIN_LENGTH = 20;
const MAX_LENGTH = 2_000;

/** @throws AlcoveError InvalidArgumentError naming what was got and expected. */
export function checkHighlights({
  count,
  length,
}: {
  readonly count: number;
  readonly length: number;
}): void {
  check('count', count, 1, MAX_FRAGMENTS);
  check('length', length, MIN_LENGTH, MAX_LENGTH);
}

function check(name: string, got: number, min: number, max: number): void {
  if (got >= min && got <= max) return;
  const expected = `a whole number from ${min} to ${max}`;
  throw new AlcoveError('InvalidArgumentError', `Got ${got} for ${name}; expected ${expected}.`, {
    path: [name],
    detail: { got, expected },
  });
}
