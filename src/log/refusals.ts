import { AlcoveError } from '../errors.ts';

export const MAX_IDEMPOTENCY_KEY_LENGTH = 256;

/** The log is closed. */
export function shuttingDown(): AlcoveError {
  return new AlcoveError(
    'ShuttingDownError',
    'The server is stopping and takes no more changes. Try again when it is back.',
  );
}

/** The disk is full; the transaction was rolled back. */
export function diskFull(cause: unknown): AlcoveError {
  return new AlcoveError(
    'StoreUnavailableError',
    'Nothing was written: the disk that holds the data is full. Reads go on; free some space and try again.',
    { detail: { reason: 'DISK_FULL' }, cause },
  );
}

/** Another process holds the database; the transaction did not begin. */
export function storeBusy(cause: unknown): AlcoveError {
  return new AlcoveError(
    'StoreUnavailableError',
    'Nothing was written: another process holds the database. Try again, and let only one server use a data folder.',
    { detail: { reason: 'BUSY' }, cause },
  );
}

/** It is not known what the disk holds; the process ends. */
export function storeFailed(cause?: unknown): AlcoveError {
  return new AlcoveError(
    'StoreUnavailableError',
    'The store failed, and whether this change was made is not known. The server restarts; then send it again with ' +
      'the same idempotency key, or look first.',
    { detail: { reason: 'FAILED' }, cause },
  );
}

/** The idempotency key is empty, too long or ill-formed. */
export function invalidKey(key: string): AlcoveError {
  return new AlcoveError(
    'InvalidArgumentError',
    `Got an idempotency key of ${key.length} characters; expected 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH}, well-formed.`,
    { path: ['idempotencyKey'], detail: { got: key.length, expected: MAX_IDEMPOTENCY_KEY_LENGTH } },
  );
}

/** The idempotency key stands for another request. */
export function idempotencyConflict(key: string): AlcoveError {
  return new AlcoveError(
    'IdempotencyConflictError',
    `The idempotency key ${JSON.stringify(key)} was used for another request within the last 24 hours. Expected the ` +
      'same request again, or a new key.',
    { path: ['idempotencyKey'], detail: { key } },
  );
}
