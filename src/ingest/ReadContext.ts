import { AlcoveError } from '../errors.ts';
import type { ExtractLimits } from './extractLimits.ts';
import { unreadable } from './unreadable.ts';

/** What every reader of a kind of file is told besides the bytes. */
export interface ReadContext {
  /** The file as errors name it. */
  readonly file: string;
  readonly limits: ExtractLimits;
  readonly signal: AbortSignal | undefined;
}

/** @throws AlcoveError CancelledError */
export function checkNotCancelled({ file, signal }: Pick<ReadContext, 'file' | 'signal'>): void {
  if (!signal?.aborted) return;
  throw new AlcoveError('CancelledError', `Reading ${file} was cancelled before it was done.`);
}

/** @throws AlcoveError UnreadableFileError TOO_LARGE for a text above the limit. */
export function checkCharacterCount(count: number, { file, limits }: ReadContext): void {
  if (count <= limits.maxCharacters) return;
  throw unreadable(file, 'TOO_LARGE', {
    got: `a text of more than ${limits.maxCharacters} characters`,
    expected: `at most ${limits.maxCharacters}`,
    todo: 'Split the file.',
  });
}

/** What a library threw over a file's bytes, as the file's fault; what is an AlcoveError already stays so. */
export function asCorrupt(error: unknown, what: string, { file }: ReadContext): AlcoveError {
  if (error instanceof AlcoveError) return error;
  const got = error instanceof Error ? error.message : String(error);
  return unreadable(file, 'CORRUPT', {
    got: `damaged data (${got.replace(/\s+/g, ' ').slice(0, MAX_CAUSE_CHARACTERS)})`,
    expected: what,
    todo: 'Open it with the program that made it and save it again, or fetch it anew.',
    cause: error,
  });
}

const MAX_CAUSE_CHARACTERS = 200;
