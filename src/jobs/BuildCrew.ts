import { Worker } from 'node:worker_threads';
import type { SharedSegments } from '../indexes/segment.ts';
import { workerEntry } from '../workerEntry.ts';

/**
 * The threads that share in the building of an index with the one that started them. They end with that one, however
 * it ends; should one of them break, what all have built is lost.
 */
export class BuildCrew {
  readonly #workers: readonly Worker[];
  readonly #ends: readonly Promise<void>[];
  #failure: Error | undefined;

  /** Starts so many, which takes them some 50 ms; they wait for {@link begin}. */
  constructor(count: number) {
    this.#workers = Array.from(
      { length: count },
      () => new Worker(workerEntry('crewMember', import.meta.url), { name: 'crew' }),
    );
    this.#ends = this.#workers.map((worker) => this.#watch(worker));
  }

  /** Lets them build what has been appended to the index. */
  begin(shared: SharedSegments): void {
    for (const worker of this.#workers) worker.postMessage(shared);
  }

  /** @throws what a member has died of. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when all have come to the end of the build. @throws what a member has died of. */
  async ended(): Promise<void> {
    await Promise.all(this.#ends);
    this.check();
  }

  /** Ends them wherever they are. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #watch(worker: Worker): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    worker.on('error', (error: Error) => {
      this.#failure = error;
    });
    worker.on('exit', (code) => {
      if (code !== 0) this.#failure ??= new Error(`A thread of the crew ended with status ${code}.`);
      resolve();
    });
    return promise;
  }
}
