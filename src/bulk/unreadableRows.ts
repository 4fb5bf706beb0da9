import { AlcoveError } from '../errors.ts';

/** A refusal of a whole source, or of one line of it, because it is not what it says it is. */
export function unreadableRows(
  reason: 'CORRUPT' | 'UNSUPPORTED' | 'TOO_LARGE',
  got: string,
  expected: string,
): AlcoveError {
  return new AlcoveError('UnreadableFileError', `Got ${got}; expected ${expected}.`, {
    detail: { reason, got, expected },
  });
}
