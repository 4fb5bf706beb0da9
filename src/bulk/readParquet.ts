import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { workerEntry } from '../workerEntry.ts';
import type { ParquetAnswer, ParquetRow, ParquetThreadData } from './parquetMessages.ts';
import { unreadableRows } from './unreadableRows.ts';

/** What a reader's heap may grow to; a file that wants more ends its thread and nothing else. */
const HEAP_MIB = 1_536;
/** For some hundred rows, which can mean a whole row group: so long, and longer for a large file, but never for ever. */
const BASE_LIMIT_MS = 5_000;
const LIMIT_MS_PER_MIB = 1_000;
const MAX_LIMIT_MS = 120_000;

/**
 * The rows of a Parquet file, read on a thread of its own: a file that fills its memory or never comes to an end is
 * refused, and nothing else is touched.
 * @throws AlcoveError UnreadableFileError, CapacityExceededError, TimeoutError; CancelledError when `signal` aborts.
 */
export async function* readParquet(
  path: string,
  { after, signal }: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly ParquetRow[]> {
  const data: ParquetThreadData = { path, after };
  const { size } = await stat(path);
  const limitMs = Math.min(MAX_LIMIT_MS, BASE_LIMIT_MS + LIMIT_MS_PER_MIB * (size / 1_048_576));
  const worker = new Worker(workerEntry('parquetThread', import.meta.url), {
    workerData: data,
    name: 'parquet',
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  try {
    for (;;) {
      const answer = await ask(worker, signal, limitMs);
      if (answer.kind === 'END') return;
      if (answer.kind === 'REFUSED') throw AlcoveError.fromRecord(answer.error);
      yield answer.rows;
    }
  } finally {
    await worker.terminate();
  }
}

async function ask(worker: Worker, signal: AbortSignal, limitMs: number): Promise<ParquetAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ParquetAnswer>();
  const onError = (error: Error & { code?: string }): void =>
    reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(error) : broken(error));
  const onExit = (): void => reject(broken());
  const onAbort = (): void => reject(new AlcoveError('CancelledError', 'The work was cancelled.'));
  const timer = setTimeout(() => reject(tooSlow(limitMs)), limitMs);
  worker.on('message', resolve).on('error', onError).on('exit', onExit);
  signal.addEventListener('abort', onAbort);
  try {
    if (signal.aborted) onAbort();
    worker.postMessage('NEXT');
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    worker.off('message', resolve).off('error', onError).off('exit', onExit);
  }
}

function outOfMemory(cause: Error): AlcoveError {
  return new AlcoveError(
    'CapacityExceededError',
    `The file takes more than ${HEAP_MIB} MiB of memory to be read. Write it with smaller row groups.`,
    { detail: { expected: `at most ${HEAP_MIB} MiB` }, cause },
  );
}

function tooSlow(limitMs: number): AlcoveError {
  const seconds = Math.ceil(limitMs / 1_000);
  const message = `A row group was not read in ${seconds} seconds. The file may be damaged; else write it with smaller row groups.`;
  return new AlcoveError('TimeoutError', message, { detail: { expected: `at most ${seconds} seconds` } });
}

/** A file that has broken its reader otherwise than by an error that readers throw. */
function broken(cause?: Error): AlcoveError {
  return unreadableRows(
    'CORRUPT',
    `what breaks its reader${cause ? ` (${cause.message.slice(0, 160)})` : ''}`,
    'a whole Parquet file',
  );
}
