import type { Embedded, Embedder } from '../embedding/Embedder.ts';
import { OpenAiError } from './OpenAiError.ts';

/** Texts that a model gets at once. */
export const BATCH_TEXTS = 64;
/** Texts that may wait for a model, of all requests together. */
export const MAX_WAITING_TEXTS = 8_192;
/** Seconds that a client is told to wait: from, to. */
const RETRY_AFTER = { min: 1, max: 60 } as const;
/** What a model makes in a second, until it has been measured. */
const FIRST_RATE = 100;
/** How much a batch's rate counts beside those before. */
const RATE_WEIGHT = 0.2;

interface Waiting {
  readonly texts: readonly string[];
  readonly rows: Float32Array[];
  readonly truncated: number[];
  readonly tokens: number[];
  /** Texts that have been taken, and texts that have been answered. */
  taken: number;
  answered: number;
  readonly resolve: (embedded: Embedded) => void;
  readonly reject: (error: unknown) => void;
}

/** Texts of one request that are in a batch. */
interface Part {
  readonly waiting: Waiting;
  readonly from: number;
  readonly texts: readonly string[];
}

/**
 * Puts the texts of requests that are there at the same time into batches of one model, a fair part of each, so that a
 * short request does not wait for a long one. While a batch runs, the next one gathers.
 */
export class Batcher {
  readonly #embedder: Embedder;
  readonly #waiting = new Set<Waiting>();
  #waitingTexts = 0;
  #isRunning = false;
  #textsPerSecond = FIRST_RATE;

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /**
   * The vectors of a request's texts. When `signal` aborts, those that have not been taken yet are left out.
   * @throws OpenAiError 429 when too many texts wait already; AlcoveError of the embedder, CancelledError among them.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embedded> {
    if (this.#waitingTexts + texts.length > MAX_WAITING_TEXTS) return Promise.reject(this.#tooMany());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        texts,
        rows: [],
        truncated: [],
        tokens: [],
        taken: 0,
        answered: 0,
        resolve,
        reject,
      };
      this.#waiting.add(waiting);
      this.#waitingTexts += texts.length;
      signal.addEventListener('abort', () => this.#fail(waiting, signal.reason), { once: true });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Requests that come in the same turn of the event loop share the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    for (let parts = this.#nextBatch(); parts.length > 0; parts = this.#nextBatch()) {
      await this.#embedParts(parts);
    }
    this.#isRunning = false;
  }

  /** A part of every request that waits, in the order in which they came, and then what else has room. */
  #nextBatch(): Part[] {
    const parts: Part[] = [];
    let room = BATCH_TEXTS;
    for (const share of [Math.ceil(BATCH_TEXTS / Math.max(1, this.#waiting.size)), BATCH_TEXTS]) {
      for (const waiting of this.#waiting) {
        const count = Math.min(share, room, waiting.texts.length - waiting.taken);
        if (count <= 0) continue;
        const from = waiting.taken;
        parts.push({ waiting, from, texts: waiting.texts.slice(from, from + count) });
        waiting.taken += count;
        room -= count;
      }
    }
    return parts;
  }

  async #embedParts(parts: readonly Part[]): Promise<void> {
    const started = performance.now();
    const texts = parts.flatMap((part) => part.texts);
    try {
      const embedded = await this.#embedder.embed(texts, { mode: 'DOCUMENT' });
      this.#measure(texts.length, performance.now() - started);
      let row = 0;
      for (const part of parts) {
        this.#answer(part, embedded, row);
        row += part.texts.length;
      }
    } catch (error) {
      const [first] = parts;
      if (parts.length === 1 && first !== undefined) return this.#fail(first.waiting, error);
      // One request's text must not spoil the others'.
      for (const part of parts) await this.#embedParts([part]);
    }
  }

  /** Gives a part its rows, which begin at `row` of what was embedded. */
  #answer({ waiting, from, texts }: Part, embedded: Embedded, row: number): void {
    const { vectors, dimension, truncated, tokens } = embedded;
    for (const at of texts.keys()) {
      waiting.rows[from + at] = vectors.subarray((row + at) * dimension, (row + at + 1) * dimension);
    }
    waiting.truncated.push(
      ...truncated.filter((at) => at >= row && at < row + texts.length).map((at) => at - row + from),
    );
    for (const at of texts.keys()) {
      const counted = tokens?.[row + at];
      if (counted !== undefined) waiting.tokens[from + at] = counted;
    }
    waiting.answered += texts.length;
    if (waiting.answered < waiting.texts.length || !this.#remove(waiting)) return;
    const whole = new Float32Array(waiting.texts.length * dimension);
    for (const [at, vector] of waiting.rows.entries()) whole.set(vector, at * dimension);
    waiting.resolve({
      vectors: whole,
      dimension,
      truncated: waiting.truncated.sort((one, other) => one - other),
      ...(waiting.tokens.length === 0 ? {} : { tokens: waiting.tokens }),
    });
  }

  #fail(waiting: Waiting, error: unknown): void {
    if (this.#remove(waiting)) waiting.reject(error);
  }

  /** Whether it was there still. What it has in a batch that runs is answered to nobody. */
  #remove(waiting: Waiting): boolean {
    if (!this.#waiting.delete(waiting)) return false;
    this.#waitingTexts -= waiting.texts.length;
    return true;
  }

  #measure(texts: number, tookMs: number): void {
    const rate = (1_000 * texts) / Math.max(1, tookMs);
    this.#textsPerSecond += RATE_WEIGHT * (rate - this.#textsPerSecond);
  }

  #tooMany(): OpenAiError {
    const seconds = Math.ceil(this.#waitingTexts / this.#textsPerSecond);
    const { min, max } = RETRY_AFTER;
    return new OpenAiError(
      429,
      `${this.#waitingTexts} texts wait for the model; at most ${MAX_WAITING_TEXTS} may. Try again later.`,
      {
        type: 'requests',
        code: 'rate_limit_exceeded',
        headers: { 'retry-after': String(Math.min(max, Math.max(min, seconds))) },
      },
    );
  }
}
