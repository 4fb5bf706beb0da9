import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { workerEntry } from '../workerEntry.ts';
import type { Embedded, EmbedOptions } from './Embedder.ts';
import { cancelled, checkPatience, timedOut } from './patience.ts';
import type { SentenceAnswer, SentenceOrder, SentenceThreadData } from './sentenceThreadMessages.ts';

/** Texts that may wait for the model at once. */
const MAX_WAITING_TEXTS = 65_536;

interface Waiting {
  readonly texts: number;
  readonly resolve: (embedded: Embedded) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread that runs one sentence-transformer, because ONNX Runtime computes in the thread that asks it. It does not keep
 * the process alive.
 */
export class SentenceModelThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly dimension: number;
  readonly maxTokens: number | null;
  #lastId = 0;
  #waitingTexts = 0;
  #ended: AlcoveError | undefined;

  private constructor(
    worker: Worker,
    model: { readonly dimension: number; readonly maxTokens: number | null },
  ) {
    this.#worker = worker;
    this.dimension = model.dimension;
    this.maxTokens = model.maxTokens;
    worker.on('message', (answer: SentenceAnswer) => this.#settle(answer));
  }

  /** @throws AlcoveError EmbedderError when the model or the package that runs it cannot be loaded. */
  static start(data: SentenceThreadData): Promise<SentenceModelThread> {
    const worker = new Worker(workerEntry('sentenceThread', import.meta.url), {
      workerData: data,
      name: 'model',
    });
    return new Promise((resolve, reject) => {
      let thread: SentenceModelThread | undefined;
      const end = (why: string) => {
        const error = new AlcoveError(
          'EmbedderError',
          `The thread of the model ${basename(data.path)} ended: ${why}.`,
        );
        reject(error);
        if (thread !== undefined) thread.#end(error);
      };
      worker.on('error', (error: Error) => end(error.message));
      worker.on('exit', (status) => end(`status ${status}`));
      worker.once('message', (answer: SentenceAnswer) => {
        if (answer.kind !== 'READY') {
          reject(answer.kind === 'FAILED' ? AlcoveError.fromRecord(answer.error) : new Error(answer.kind));
          void worker.terminate();
          return;
        }
        thread = new SentenceModelThread(worker, answer);
        worker.unref();
        resolve(thread);
      });
    });
  }

  /** Whether it has ended, so that another is to be started. */
  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** @throws AlcoveError EmbedderError, OverloadedError when too much waits, CancelledError, TimeoutError */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    checkPatience(options);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#waitingTexts + texts.length > MAX_WAITING_TEXTS) return Promise.reject(overloaded());
    const id = ++this.#lastId;
    const { signal, deadline } = options;
    return new Promise<Embedded>((resolve, reject) => {
      const giveUp = (error: AlcoveError) => {
        this.#order({ kind: 'GIVE_UP', id });
        this.#take(id)?.reject(error);
      };
      const onAbort = () => giveUp(cancelled(signal as AbortSignal));
      signal?.addEventListener('abort', onAbort, { once: true });
      const timer =
        deadline === undefined
          ? undefined
          : setTimeout(() => giveUp(timedOut()), Math.max(0, deadline - Date.now()));
      const settled = () => {
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(timer);
      };
      this.#waitingTexts += texts.length;
      this.#waiting.set(id, {
        texts: texts.length,
        resolve: (embedded) => {
          settled();
          resolve(embedded);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      // Whoever waits keeps the process alive until the answer is there.
      this.#worker.ref();
      this.#order({ kind: 'EMBED', id, texts });
    });
  }

  /** Ends the thread; what waits fails. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #order(order: SentenceOrder): void {
    this.#worker.postMessage(order);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    this.#waitingTexts -= waiting.texts;
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiting;
  }

  #settle(answer: SentenceAnswer): void {
    if (answer.kind === 'READY' || answer.id === null) return;
    const waiting = this.#take(answer.id);
    if (answer.kind === 'FAILED') return waiting?.reject(AlcoveError.fromRecord(answer.error));
    const { vectors, truncated, tokens } = answer;
    waiting?.resolve({ vectors: new Float32Array(vectors), dimension: this.dimension, truncated, tokens });
  }

  #end(error: AlcoveError): void {
    this.#ended = error;
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(error);
  }
}

function overloaded(): AlcoveError {
  return new AlcoveError(
    'OverloadedError',
    `More than ${MAX_WAITING_TEXTS} texts wait for the model; try again in a moment.`,
    { detail: { expected: MAX_WAITING_TEXTS } },
  );
}
