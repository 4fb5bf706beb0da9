import { WriteAheadLog } from './WriteAheadLog.ts';

/**
 * Where a write-ahead log is damaged before its last transaction, in words, or undefined. SQLite takes the first frame that does not
 * fit for the end of the log, as a power failure leaves it, and would drop all that was committed after it without a word. But a
 * transaction is only begun when the one before it is on the disk: so where a commit comes after a frame that does not fit, and
 * another frame after that commit, it was no power failure. Damage to the last transaction alone cannot be told from one.
 */
export function findLogDamage(path: string): string | undefined {
  const log = WriteAheadLog.open(path);
  try {
    return log === undefined ? undefined : findDamage(log);
  } finally {
    log?.close();
  }
}

function findDamage(log: WriteAheadLog): string | undefined {
  if (!log.isSound) return 'its header';
  let misfit: number | undefined;
  let isAfterCommit = false;
  for (const { number, fits, isOfThisLog, isCommit } of log.frames()) {
    // What comes after a frame that does not fit is held against what that frame says of itself.
    if (!fits) misfit ??= number;
    else if (misfit !== undefined && isAfterCommit)
      return `frame ${misfit + 1}, after which more was committed`;
    isAfterCommit = misfit !== undefined && isOfThisLog && isCommit;
  }
  return undefined;
}
