import { setTimeout as delay } from 'node:timers/promises';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { TelemetrySeat } from '../telemetry/threadMessages.ts';
import { workerEntry } from '../workerEntry.ts';
import type { IngesterData, IngesterOrder, IngesterReport } from './threadMessages.ts';

/** How long what is under way may take to stop. */
const STOP_LIMIT_MS = 5_000;
/** A thread that ends is replaced after so long, then after twice as long, and so on; one that has lived long starts afresh. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;
/** From this age on the end of a thread counts as the first one. */
const LONG_LIFE_MS = 120_000;

export interface IngesterThreadOptions {
  readonly config: Config;
  /** A new channel to the writer thread. */
  readonly connect: () => MessagePort;
  /** A place among the threads that are seen. */
  readonly seat: () => TelemetrySeat;
  /** Something went wrong that the server can live with: a line for the log. */
  readonly onTrouble: (message: string) => void;
}

/** The ingester's thread, as the thread that starts, replaces and stops it sees it: whatever ends it, the server goes on. */
export class IngesterThread {
  readonly #options: IngesterThreadOptions;
  readonly #stopping = new AbortController();
  #worker: Worker | undefined;
  readonly #ended: Promise<void>;

  constructor(options: IngesterThreadOptions) {
    this.#options = options;
    this.#ended = this.#keep();
  }

  /** Stops it; what it was doing is taken up by the next one. */
  async close(): Promise<void> {
    this.#stopping.abort();
    const timer = setTimeout(() => void this.#worker?.terminate(), STOP_LIMIT_MS);
    this.#worker?.postMessage({ kind: 'STOP' } satisfies IngesterOrder);
    await this.#ended;
    clearTimeout(timer);
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const startedAt = Date.now();
      await this.#runOne();
      if (signal.aborted) return;
      pauseMs =
        Date.now() - startedAt > LONG_LIFE_MS ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
      this.#options.onTrouble(`the ingester's thread ended; another one starts in ${pauseMs} ms`);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #runOne(): Promise<void> {
    const { config, connect, onTrouble, seat } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const writer = connect();
    const telemetry = seat();
    const worker = new Worker(workerEntry('thread', import.meta.url), {
      workerData: { config, writer, telemetry } satisfies IngesterData,
      transferList: [writer, telemetry.port],
      name: 'ingester',
    });
    this.#worker = worker;
    worker.on('message', ({ message }: IngesterReport) => onTrouble(message));
    worker.on('error', (error) =>
      onTrouble(`the ingester's thread failed: ${error instanceof Error ? error.stack : error}`),
    );
    worker.once('exit', () => resolve());
    return promise;
  }
}
