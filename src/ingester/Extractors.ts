import { Worker } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { workerEntry } from '../workerEntry.ts';
import type { ReadAnswer, ReadDocument, ReadTask } from './ReadDocument.ts';

/** What one file may take to be read and split. */
const LIMIT_MS = 180_000;
/** What an extractor's heap may grow to; a file that wants more ends its thread and nothing else. */
const HEAP_MIB = 768;
/** A thread that nobody needed for so long is ended. */
const IDLE_MS = 30_000;

export interface ExtractorOptions {
  /** Files that are read at the same time. */
  readonly threads: number;
  readonly limitMs?: number;
  readonly heapMib?: number;
  /** For tests: the entry of the threads. */
  readonly entry?: URL;
}

/**
 * Reads files on threads of their own, of low priority: a file that breaks its thread, fills its memory or never comes to
 * an end is refused, its thread is replaced, and no other file is touched.
 */
export class Extractors {
  readonly #options: Required<ExtractorOptions>;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: ExtractorOptions) {
    this.#options = {
      limitMs: LIMIT_MS,
      heapMib: HEAP_MIB,
      entry: workerEntry('extractor', import.meta.url),
      ...options,
    };
  }

  /**
   * What is in a file.
   * @throws AlcoveError what the file is refused for; CapacityExceededError when it takes too much memory, TimeoutError
   *   too much time, InternalError when it breaks its reader; CancelledError when `signal` aborts.
   */
  async read(task: ReadTask, signal: AbortSignal): Promise<ReadDocument> {
    await this.#takeTurn();
    try {
      if (signal.aborted) throw cancelled();
      return await this.#readOn(this.#idle.pop() ?? this.#start(), task, signal);
    } finally {
      this.#endTurn();
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  async #takeTurn(): Promise<void> {
    clearTimeout(this.#idleTimer);
    if (this.#busy < this.#options.threads) {
      this.#busy += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
  }

  /** The turn goes to whoever has waited longest. */
  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) return next();
    this.#busy -= 1;
    if (this.#busy === 0) this.#idleTimer = setTimeout(() => void this.close(), IDLE_MS).unref();
  }

  #start(): Worker {
    const { entry, heapMib } = this.#options;
    const worker = new Worker(entry, {
      name: 'extractor',
      resourceLimits: { maxOldGenerationSizeMb: heapMib },
    });
    // One that fails after its answer fails nobody's file, and is not to be given another.
    const forget = (): void => {
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    };
    return worker.on('error', forget).on('exit', forget);
  }

  async #readOn(worker: Worker, task: ReadTask, signal: AbortSignal): Promise<ReadDocument> {
    const { limitMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<ReadDocument>();
    let hasAnswered = false;
    let hasEnded = false;
    let failure: AlcoveError | undefined;
    const onMessage = (answer: ReadAnswer): void => {
      hasAnswered = true;
      if (answer.kind === 'READ') resolve(answer.document);
      else reject(AlcoveError.fromRecord(answer.error));
    };
    // An error overtakes what the thread has said before; its end does not.
    const onError = (error: Error & { code?: string }): void => {
      failure =
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? outOfMemory(task, this.#options.heapMib, error)
          : broken(task, error);
    };
    const onExit = (): void => {
      hasEnded = true;
      reject(failure ?? broken(task));
    };
    const onAbort = (): void => reject(cancelled());
    const timer = setTimeout(() => reject(tooSlow(task, limitMs)), limitMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal.addEventListener('abort', onAbort);
    try {
      worker.postMessage(task);
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      // One that has not answered is in the middle of something, or gone.
      if (hasAnswered && !hasEnded) this.#idle.push(worker);
      else await worker.terminate();
    }
  }
}

function outOfMemory({ name }: ReadTask, heapMib: number, cause: Error): AlcoveError {
  return new AlcoveError(
    'CapacityExceededError',
    `${name} takes more than ${heapMib} MiB of memory to be read: split it, or convert it to text.`,
    { detail: { got: name, expected: `at most ${heapMib} MiB` }, cause },
  );
}

function tooSlow({ name }: ReadTask, limitMs: number): AlcoveError {
  return new AlcoveError(
    'TimeoutError',
    `${name} was not read to its end in ${limitMs / 1_000} seconds: split it, or convert it to text.`,
    { detail: { got: name, expected: `at most ${limitMs} ms` } },
  );
}

function broken({ name }: ReadTask, cause?: Error): AlcoveError {
  return new AlcoveError(
    'InternalError',
    `${name} could not be read, by a fault of the server, which its log describes.`,
    { detail: { got: name }, cause },
  );
}

function cancelled(): AlcoveError {
  return new AlcoveError('CancelledError', 'The work was cancelled.');
}
