import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../../errors.ts';
import type { Embedded, Embedder, EmbeddingMode, EmbedOptions } from '../Embedder.ts';
import { embedderError } from '../embedderError.ts';
import { cutBefore } from '../estimateTokens.ts';
import { hasDimension, type KnownModel, knownModel } from '../knownModels.ts';
import { withPatience } from '../patience.ts';
import { checkAnswer } from './checkAnswer.ts';
import type { RemoteModel } from './RemoteModel.ts';
import type { RequestSlots } from './RequestSlots.ts';
import { requestFailure, slowAnswer, TextTooLong } from './requestFailure.ts';
import { batchesOf, type FittedText } from './tokenFit.ts';
import { type RetryOptions, withRetries } from './withRetries.ts';

/** Providers refuse a text with nothing in it; this is sent for it. */
const NOTHING = '.';

/** A text that is refused as too long is sent anew with so much of it, until it is taken or this short. */
const CUT_TO = 0.75;
const SHORTEST_CUT = 64;

/** Texts measured before others get their turn. */
const TEXTS_PER_TURN = 64;

type Vectors = readonly (readonly number[])[];

export interface RemoteEmbedderOptions {
  /** The contract's; null: whatever the model makes. */
  readonly dimension: number | null;
  /** Shared by all models of the provider. */
  readonly slots: RequestSlots;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly wait?: RetryOptions['wait'] | undefined;
}

/** A text on its way, and whose vector it becomes. */
interface Item extends FittedText {
  readonly row: number;
}

/** The vectors so far: room for them is made when the first answer says of which dimension they are. */
interface Rows {
  readonly count: number;
  dimension: number;
  vectors: Float32Array;
  readonly truncated: Set<number>;
}

/** What the requests of one call have in common. */
interface Call {
  readonly mode: EmbeddingMode;
  readonly mayCut: boolean;
  readonly signal: AbortSignal;
  readonly rows: Rows;
}

/**
 * A remote model as an Embedder: texts are measured, sent in batches, some of them at once, again where a failure
 * passes, and every answer is checked. One failure ends the whole call, with whatever of it is under way.
 */
export class RemoteEmbedder implements Embedder {
  readonly provider: Embedder['provider'];
  readonly model: string;
  readonly normalized = false;
  readonly maxTokens: number | null;
  readonly #model: RemoteModel;
  readonly #options: RemoteEmbedderOptions;
  readonly #isKnown: boolean;
  #dimension: number | null;
  /** Whether the dimension is to be asked for, since it is not what the model makes by itself. */
  #asksForDimension: boolean;

  /** @throws AlcoveError InvalidArgumentError for a dimension that the model is known not to have. */
  constructor(model: RemoteModel, options: RemoteEmbedderOptions) {
    const known = knownModel(model.model);
    const { dimension } = options;
    if (known !== undefined && dimension !== null && !hasDimension(known, dimension)) {
      throw noSuchDimension(model, dimension, known);
    }
    this.provider = model.provider;
    this.model = model.model;
    this.maxTokens = known?.maxTokens ?? null;
    this.#model = model;
    this.#options = options;
    this.#isKnown = known !== undefined;
    this.#dimension = dimension ?? known?.dimension ?? null;
    this.#asksForDimension = known !== undefined && dimension !== null && dimension !== known.dimension;
  }

  get dimension(): number | null {
    return this.#dimension;
  }

  /** {@inheritDoc Embedder.embed} */
  async embed(texts: readonly string[], { mode, ...patience }: EmbedOptions): Promise<Embedded> {
    return withPatience(patience, async (signal) => {
      const rows: Rows = {
        count: texts.length,
        dimension: this.#dimension ?? 0,
        vectors: new Float32Array(),
        truncated: new Set(),
      };
      const batches = batchesOf(await this.#fit(texts, rows, signal), this.#model);
      const call = { mode, mayCut: false, signal, rows };
      await Promise.all(batches.map((batch) => this.#embedBatch(batch, call)));
      const { vectors, dimension, truncated } = rows;
      return { vectors, dimension, truncated: [...truncated].sort((a, b) => a - b) };
    });
  }

  async #fit(texts: readonly string[], { truncated }: Rows, signal: AbortSignal): Promise<Item[]> {
    const cutToFit = await this.#model.tokenFit(signal);
    const items: Item[] = [];
    for (const [row, given] of texts.entries()) {
      const text = given.trim() === '' ? NOTHING : given;
      const fitted = cutToFit?.(text) ?? { text, truncated: false };
      if (fitted.truncated) truncated.add(row);
      items.push({ row, ...fitted });
      if (row % TEXTS_PER_TURN === TEXTS_PER_TURN - 1) await nextTurn();
      signal.throwIfAborted();
    }
    return items;
  }

  async #embedBatch(batch: readonly Item[], call: Call): Promise<void> {
    const texts = batch.map(({ text }) => text);
    let vectors: Vectors;
    try {
      vectors = await this.#options.slots.run(call.mode, call.signal, () =>
        withRetries(() => this.#request(texts, call), { ...this.#options, signal: call.signal }),
      );
    } catch (error) {
      if (!(error instanceof TextTooLong)) throw error;
      return this.#embedTooLong(batch, call);
    }
    this.#place(batch, vectors, call.rows);
  }

  /** Finds out by halves which text is too long, and has the beginning of that one embedded. */
  async #embedTooLong(batch: readonly Item[], call: Call): Promise<void> {
    const [item] = batch;
    if (item === undefined) return;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      const halves = [batch.slice(0, middle), batch.slice(middle)];
      await Promise.all(halves.map((half) => this.#embedBatch(half, call)));
      return;
    }
    call.rows.truncated.add(item.row);
    if (this.#model.cutsOnDemand && !call.mayCut) return this.#embedBatch(batch, { ...call, mayCut: true });
    const { length } = item.text;
    if (length <= SHORTEST_CUT) {
      const what = `at ${this.#model.endpoint.baseUrl} refuses a text of ${length} characters as too long.`;
      throw embedderError(this, { what, got: 'too long', retryable: false });
    }
    const text = item.text.slice(0, cutBefore(item.text, Math.floor(length * CUT_TO)));
    return this.#embedBatch([{ ...item, text }], call);
  }

  /** One request, and its answer checked; a second one, where it shows that the dimension has to be asked for. */
  async #request(texts: readonly string[], call: Call): Promise<Vectors> {
    const { dimension: wanted } = this.#options;
    const vectors = await this.#send(texts, call, this.#asksForDimension);
    const got = vectors[0]?.length;
    if (wanted === null || got === wanted) return vectors;
    if (!this.#asksForDimension && !this.#isKnown) {
      const others = await this.#send(texts, call, true).catch(unlessRetryable);
      if (others?.[0]?.length === wanted) {
        this.#asksForDimension = true;
        return others;
      }
    }
    const what = `at ${this.#model.endpoint.baseUrl} answered with vectors of ${got} numbers; expected ${wanted}.`;
    throw embedderError(this, { what, got: `${got} numbers`, retryable: false });
  }

  async #send(texts: readonly string[], call: Call, asksForDimension: boolean): Promise<Vectors> {
    const { timeoutMs, dimension } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const vectors = await this.#model.request(texts, {
        mode: call.mode,
        mayCut: call.mayCut,
        signal: AbortSignal.any([call.signal, limit]),
        ...(asksForDimension && dimension !== null ? { dimension } : {}),
      });
      checkAnswer(vectors, texts.length, this.#model);
      return vectors;
    } catch (error) {
      call.signal.throwIfAborted();
      if (error instanceof AlcoveError) throw error;
      throw limit.aborted ? slowAnswer(this.#model, timeoutMs) : requestFailure(error, this.#model);
    }
  }

  #place(batch: readonly Item[], vectors: Vectors, rows: Rows): void {
    const dimension = vectors[0]?.length ?? 0;
    if (rows.vectors.length === 0) {
      rows.dimension = dimension;
      rows.vectors = new Float32Array(rows.count * dimension);
      this.#dimension = dimension;
    }
    if (dimension !== rows.dimension) {
      const got = `vectors of ${rows.dimension} and of ${dimension} numbers`;
      const what = `at ${this.#model.endpoint.baseUrl} answered with ${got}.`;
      throw embedderError(this, { what, got, retryable: false });
    }
    for (const [at, { row }] of batch.entries()) rows.vectors.set(vectors[at] ?? [], row * dimension);
  }
}

/** Lets pass what can be tried again; a dimension that is refused is as good as none. */
function unlessRetryable(error: unknown): undefined {
  if (error instanceof AlcoveError && error.kind === 'EmbedderError' && !error.retryable) return undefined;
  throw error;
}

function noSuchDimension(
  { provider, model }: RemoteModel,
  got: number,
  { dimension, otherDimensions = [] }: KnownModel,
): AlcoveError {
  const others =
    otherDimensions === 'SMALLER' ? ' or fewer' : otherDimensions.map((other) => ` or ${other}`).join('');
  const expected = `${dimension}${others}`;
  return new AlcoveError(
    'InvalidArgumentError',
    `${provider} ${model} does not make vectors of ${got} numbers; expected ${expected}.`,
    { path: ['dimension'], detail: { got, expected } },
  );
}
