import { Worker } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { workerEntry } from '../workerEntry.ts';
import type { BuilderMessage, BuildTask, BuiltIndex } from './buildTask.ts';
import type { Step } from './ProgressMeter.ts';

/** One build on a thread of its own, as seen from the thread that started it. */
export class IndexBuild {
  readonly #worker: Worker;
  readonly #result = Promise.withResolvers<BuiltIndex | undefined>();

  /** `onStep` is called some twenty times a second while it works. */
  constructor(task: BuildTask, onStep: (step: Step) => void) {
    this.#worker = new Worker(workerEntry('builder', import.meta.url), { workerData: task, name: 'builder' });
    this.#worker.on('message', (message: BuilderMessage) => {
      if (message.kind === 'STEP') onStep(message.step);
      else if (message.kind === 'BUILT') this.#result.resolve(message.built);
      else this.#result.reject(AlcoveError.fromRecord(message.error));
    });
    this.#worker.on('error', (error: Error & { code?: string }) =>
      this.#result.reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(error) : error),
    );
    this.#worker.on('exit', () => this.#result.resolve(undefined));
  }

  /**
   * The finished index, or undefined if the build was stopped.
   * @throws AlcoveError RecallNotReachedError, CapacityExceededError, DamagedError; anything else is a bug.
   */
  result(): Promise<BuiltIndex | undefined> {
    return this.#result.promise;
  }

  /** Ends the thread wherever it is; {@link result} resolves when it has. What it built is dropped. */
  stop(): void {
    void this.#worker.terminate();
  }
}

function outOfMemory(cause: Error): AlcoveError {
  return new AlcoveError(
    'CapacityExceededError',
    `The build ran out of memory: ${cause.message}. Give the process more, or make the library smaller.`,
    { cause },
  );
}
