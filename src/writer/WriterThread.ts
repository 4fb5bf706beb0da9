import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { workerEntry } from '../jobs/workerEntry.ts';
import type { Order, Report, WriterThreadData } from './protocol.ts';

/** The writer thread could not start; the message is the one line to print. */
export class WriterStartError extends Error {
  override readonly name = 'WriterStartError';
}

export interface WriterThreadOptions extends WriterThreadData {
  /** Something went wrong that the writer can live with: a line for the log. */
  readonly onTrouble: (message: string) => void;
  /** The writer is lost, and with it the process: print the line and exit with a status that is not 0. */
  readonly onFatal: (message: string) => void;
}

/** The writer thread, as the thread that starts and stops it sees it. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #hasExited: Promise<void>;

  private constructor(worker: Worker, hasExited: Promise<void>) {
    this.#worker = worker;
    this.#hasExited = hasExited;
  }

  /**
   * Resolves when the writer takes commands: the store is open, and jobs that were left are under way.
   * @throws WriterStartError
   */
  static async start({ dataPath, jobs, onTrouble, onFatal }: WriterThreadOptions): Promise<WriterThread> {
    const data: WriterThreadData = { dataPath, jobs };
    const worker = new Worker(workerEntry('thread', import.meta.url), { workerData: data });
    const started = Promise.withResolvers<void>();
    const exited = Promise.withResolvers<void>();
    const fail = (message: string): void => {
      started.reject(new WriterStartError(message));
      onFatal(message);
    };
    worker.on('message', (report: Report) => {
      if (report.kind === 'READY') started.resolve();
      else if (report.kind === 'REFUSED') started.reject(new WriterStartError(report.message));
      else if (report.kind === 'TROUBLE') onTrouble(report.message);
      else fail(`The store failed: ${report.message}`);
    });
    worker.on('error', (error) => fail(`The writer thread died: ${(error as Error)?.stack ?? error}`));
    worker.on('exit', () => {
      started.reject(new WriterStartError('The writer thread ended before it was ready.'));
      exited.resolve();
    });
    await started.promise;
    return new WriterThread(worker, exited.promise);
  }

  /** One end of a channel to the writer: hand it to the thread that shall use it (`WriterClient.connect`). */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#order({ kind: 'CONNECT', port: port1 }, [port1]);
    return port2;
  }

  /** Finishes what was submitted, saves what is dirty, stops. Close the clients first. */
  async close(): Promise<void> {
    this.#order({ kind: 'CLOSE' });
    await this.#hasExited;
  }

  #order(order: Order, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(order, transfer);
  }
}
