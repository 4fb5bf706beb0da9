import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { Database } from '../store/Database.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { workerEntry } from '../workerEntry.ts';
import type { Order, Report, WriterThreadData } from './protocol.ts';

/** The writer thread could not start; the message is the one line to print. */
export class WriterStartError extends Error {
  override readonly name = 'WriterStartError';
}

export interface WriterThreadOptions extends WriterThreadData {
  /** Something went wrong that the writer can live with: a line for the log. */
  readonly onTrouble: (message: string) => void;
  /** Something that whoever runs the server may want to know: a line for the log. */
  readonly onNotice?: (message: string) => void;
  /** The writer is lost, and with it the process: print the line and exit with a status that is not 0. */
  readonly onFatal: (message: string) => void;
}

/** The writer thread, as the thread that starts and stops it sees it. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #onFatal: (message: string) => void;
  readonly #started = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  readonly #dataPath: string;
  #isClosing = false;
  /**
   * As long as another connection is there, SQLite does not sync and checkpoint once more when that of a writer that failed is torn down
   * with its thread: a sync that failed is not to be tried again.
   */
  #hold: Database | undefined;

  private constructor({ onTrouble, onNotice, onFatal, ...data }: WriterThreadOptions) {
    this.#worker = new Worker(workerEntry('thread', import.meta.url), {
      workerData: data satisfies WriterThreadData,
      transferList: data.telemetry === undefined ? [] : [data.telemetry.port],
      name: 'writer',
    });
    this.#dataPath = data.dataPath;
    this.#onFatal = onFatal;
    this.#worker.on('message', (report: Report) => {
      if (report.kind === 'READY') this.#started.resolve();
      else if (report.kind === 'REFUSED') this.#started.reject(new WriterStartError(report.message));
      else if (report.kind === 'TROUBLE') onTrouble(report.message);
      else if (report.kind === 'NOTICE') onNotice?.(report.message);
      else this.#fail(`The store failed: ${report.message}`);
    });
    this.#worker.on('error', (error) => this.#fail(`The writer thread died: ${describe(error)}`));
    this.#worker.on('exit', () => {
      this.#started.reject(new WriterStartError('The writer thread ended before it was ready.'));
      this.#exited.resolve();
    });
  }

  /**
   * Resolves when the writer takes commands: the store is open, and jobs that were left are under way.
   * @throws WriterStartError
   */
  static async start(options: WriterThreadOptions): Promise<WriterThread> {
    const thread = new WriterThread(options);
    await thread.#started.promise;
    thread.#takeHold();
    thread.#worker.on('exit', () => {
      if (!thread.#isClosing) thread.#fail('The writer thread ended by itself.');
    });
    return thread;
  }

  /** One end of a channel to the writer: hand it to the thread that shall use it (`WriterClient.connect`). */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#order({ kind: 'CONNECT', port: port1 }, [port1]);
    return port2;
  }

  /**
   * Finishes what was submitted, saves what is dirty, stops. Close the clients first. After `limitMs` it is ended as it is, and the
   * answer is false: what was answered is in the store, and what was not saved is made from it again.
   */
  async close(limitMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#isClosing = true;
    this.#hold?.close();
    let isWhole = true;
    const end = (): void => {
      isWhole = false;
      void this.#worker.terminate();
    };
    const timer = Number.isFinite(limitMs) ? setTimeout(end, limitMs) : undefined;
    this.#order({ kind: 'CLOSE' });
    await this.#exited.promise;
    clearTimeout(timer);
    return isWhole;
  }

  #takeHold(): void {
    this.#hold = Database.open(dataFolder.database(this.#dataPath), 'READ_ONLY');
    // A connection holds its file from its first read on.
    this.#hold.get('SELECT 1 FROM meta');
  }

  #fail(message: string): void {
    this.#started.reject(new WriterStartError(message));
    this.#onFatal(message);
  }

  #order(order: Order, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(order, transfer);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
