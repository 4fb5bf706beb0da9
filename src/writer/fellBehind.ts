import { AlcoveError } from '../errors.ts';

/** The end of a subscription whose reader was too slow. */
export function fellBehind(cursor: string): AlcoveError {
  return new AlcoveError(
    'OverloadedError',
    `Events came faster than they were read. Subscribe again after the cursor ${JSON.stringify(cursor)}.`,
    { detail: { cursor } },
  );
}
