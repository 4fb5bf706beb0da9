import { AlcoveError } from '../errors.ts';

/** Turns an expected failure into one clear line and exit status 1; anything else is a bug and keeps its stack. */
export function guarded<Arguments extends unknown[]>(
  action: (...args: Arguments) => Promise<void>,
): (...args: Arguments) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      if (!isExpected(error)) throw error;
      process.stderr.write(`alcove: ${error.message}${remedy(error)}\n`);
      process.exitCode = 1;
    }
  };
}

/** Failures whose message is written for the person at the keyboard. */
const EXPECTED = new Set([
  'CommandError',
  'ConfigError',
  'StartError',
  'BackupError',
  'DatabaseOpenError',
  'AlcoveRequestError',
]);

/** Those, and what the system refuses, which says what was to be done and to which file. */
function isExpected(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof AlcoveError || EXPECTED.has(error.name) || 'syscall' in error;
}

function remedy(error: Error): string {
  const isUnreachable = 'code' in error && error.code === 'UNREACHABLE';
  return isUnreachable ? '; is the server running? (alcove serve, or name another by --url)' : '';
}
