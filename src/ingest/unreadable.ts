import { AlcoveError } from '../errors.ts';

/** Why a file could not be read. */
export type UnreadableReason =
  | 'EMPTY'
  | 'TOO_LARGE'
  | 'TOO_COMPLEX'
  | 'UNSUPPORTED'
  | 'MISLABELLED'
  | 'ENCRYPTED'
  | 'CORRUPT'
  | 'NO_TEXT';

/** A file that cannot be read: which one, what was found, what was expected, and what to do about it. */
export function unreadable(
  file: string,
  reason: UnreadableReason,
  { got, expected, todo, cause }: { got: string; expected: string; todo: string; cause?: unknown },
): AlcoveError {
  return new AlcoveError('UnreadableFileError', `${file}: got ${got}; expected ${expected}. ${todo}`, {
    detail: { file, reason, got, expected },
    ...(cause === undefined ? {} : { cause }),
  });
}
