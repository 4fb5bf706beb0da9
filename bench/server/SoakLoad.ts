import { setTimeout as wait } from 'node:timers/promises';
import { type AlcoveClient, createClient, encodeVector, orThrow } from '../../src/client/index.ts';
import { generate } from '../data/generate.ts';
import { uniformFrom } from '../data/random.ts';

/** Vectors that the caller brings, and texts that the server embeds. */
const VECTORS = 'soak-vectors';
const TEXTS = 'soak-texts';
const DOCUMENTS = 50;
const TEXT_DOCUMENTS = 100;
const FILL_BATCH = 1_000;
const WRITE_BATCH = 20;
const MAX_EVENTS = 5;
const MAX_UNDER_WAY = 32;
/** A subscriber that has seen nothing for so long goes. */
const PATIENCE_MS = 2_000;
const WORDS =
  'alcove index vector filter graph chunk library document recall tombstone writer reader thread search query metric'.split(
    ' ',
  );

type Operation = () => Promise<void>;

export interface SoakLoadOptions {
  readonly url: string;
  /** Chunks with vectors; writes replace them, so that their number stays. */
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
  /** Operations a second, all together. */
  readonly rate: number;
  /** The names of the operations that are done, to find out which of them makes something grow; all if it is absent. */
  readonly only?: readonly string[];
}

/**
 * What programs do with a server, all at once and for as long as it takes: searches of all kinds, writes that keep the size of
 * everything, followers that come and go, whole rebuilds, and requests that are wrong or broken off.
 */
export class SoakLoad {
  readonly #options: SoakLoadOptions;
  readonly #client: AlcoveClient;
  readonly #vectors: Float32Array;
  readonly #uniform: () => number;
  readonly #operations: readonly (readonly [weight: number, name: string, run: Operation])[];
  readonly #underWay = new Set<Promise<void>>();
  readonly counts = new Map<string, number>();
  /** What failed that should not have, by what it said. */
  readonly failures = new Map<string, number>();
  #made = 0;
  #isOver = false;

  constructor(options: SoakLoadOptions) {
    this.#options = options;
    this.#client = createClient({ url: options.url });
    const { count, dimension, seed } = options;
    this.#vectors = generate({ name: 'clustered', count: 2 * count, dimension, seed });
    this.#uniform = uniformFrom(seed);
    const operations: [weight: number, name: string, run: Operation][] = [
      [40, 'search by vector', () => this.#searchByVector()],
      [12, 'filtered search', () => this.#searchFiltered()],
      [10, 'search by words and meaning', () => this.#searchHybrid()],
      [10, 'page of chunks', () => this.#page()],
      [8, 'replace chunks and read them', () => this.#replaceChunks()],
      [5, 'change metadata', () => this.#updateChunk()],
      [3, 'delete chunks and bring them back', () => this.#deleteChunks()],
      [3, 'replace a document', () => this.#replaceDocument()],
      [3, 'new connection', () => this.#newConnection()],
      [3, 'wrong request', () => this.#wrong()],
      [2, 'search broken off', () => this.#brokenOff()],
      [1, 'follow a library', () => this.#follow()],
      [0.3, 'make and delete a library', () => this.#makeLibrary()],
      [0.2, 'export', () => this.#export()],
    ];
    const { only } = options;
    this.#operations = operations.filter(([, name]) => only === undefined || only.includes(name));
  }

  /** Makes the libraries that everything is done with. */
  async fill(): Promise<void> {
    const { count, dimension } = this.#options;
    const embedding = { provider: 'EXTERNAL', model: 'seeded', dimension, metric: 'COSINE' } as const;
    const fields = [{ name: 'colour', type: 'STRING', filterable: true }] as const;
    orThrow(await this.#client.createLibrary({ name: VECTORS, embedding, metadataFields: fields }));
    orThrow(await this.#client.createLibrary({ name: TEXTS }));
    for (let document = 0; document < DOCUMENTS; document++) {
      const id = `doc_soak-${document}`;
      orThrow(
        await this.#client.upsertDocument({ library: { name: VECTORS }, id, title: `Soak ${document}` }),
      );
    }
    for (let from = 0; from < count; from += FILL_BATCH) {
      const places = Array.from({ length: Math.min(FILL_BATCH, count - from) }, (_, i) => from + i);
      await this.#upsert(places);
    }
    for (let document = 0; document < TEXT_DOCUMENTS; document++) await this.#writeDocument(document);
    await this.#settled();
  }

  /** Begins operations at the rate until {@link stop}; those that are slow do not hold back the others, up to a limit. */
  async run(): Promise<void> {
    const intervalMs = 1_000 / this.#options.rate;
    const total = this.#operations.reduce((sum, [weight]) => sum + weight, 0);
    let next = performance.now();
    while (!this.#isOver) {
      next += intervalMs;
      const now = performance.now();
      if (next > now) await wait(next - now);
      else next = now; // What could not be begun in time is not made up for.
      if (this.#underWay.size >= MAX_UNDER_WAY) await Promise.race(this.#underWay);
      this.#beginOne(this.#uniform() * total);
    }
    await Promise.all(this.#underWay);
  }

  /** @param at a place along all weights. */
  #beginOne(at: number): void {
    let end = 0;
    for (const [weight, name, run] of this.#operations) {
      end += weight;
      if (at < end) return this.#begin(name, run);
    }
  }

  /** A whole new index, followed to its end. */
  reindex(): void {
    this.#begin('reindex', async () => {
      const { job } = orThrow(
        await this.#client.reindex({ library: { name: VECTORS }, settings: { type: 'HNSW' } }),
      );
      for await (const { job: now } of this.#client.followJob(job.id)) {
        if (now.state === 'FAILED') throw new Error(`job failed: ${now.error?.message}`);
      }
    });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#underWay);
    await this.#client.close();
  }

  #begin(name: string, run: Operation): void {
    const done = run()
      .catch((error: unknown) => {
        const { message } = error as Error;
        const what = `${name}: ${message.slice(0, 160)}`;
        this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
      })
      .finally(() => {
        this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
        this.#underWay.delete(done);
      });
    this.#underWay.add(done);
  }

  #pick(limit: number): number {
    return Math.floor(this.#uniform() * limit);
  }

  #word(): string {
    return WORDS[this.#pick(WORDS.length)] as string;
  }

  #vector(): string {
    const { dimension } = this.#options;
    const at = this.#pick(this.#vectors.length / dimension) * dimension;
    return encodeVector(this.#vectors.subarray(at, at + dimension));
  }

  async #upsert(places: readonly number[]): Promise<{ revision: string; vectors: readonly string[] }> {
    const vectors = places.map(() => this.#vector());
    const chunks = places.map((place, i) => ({
      id: `chk_soak-${place}`,
      documentId: `doc_soak-${place % DOCUMENTS}`,
      text: `${this.#word()} ${this.#word()} ${place}`,
      embedding: vectors[i] as string,
      metadata: { colour: place % 3 === 0 ? 'red' : 'blue' },
    }));
    const { revision } = orThrow(await this.#client.upsertChunks({ library: { name: VECTORS }, chunks }));
    return { revision, vectors };
  }

  #somePlaces(): number[] {
    const from = this.#pick(this.#options.count - WRITE_BATCH);
    return Array.from({ length: WRITE_BATCH }, (_, i) => from + i);
  }

  async #searchByVector(): Promise<void> {
    const found = orThrow(
      await this.#client.knnSearch({ library: { name: VECTORS }, query: { vector: this.#vector() }, k: 10 }),
    );
    if (found.edges.length !== 10) throw new Error(`expected 10 hits, got ${found.edges.length}`);
  }

  async #searchFiltered(): Promise<void> {
    const filter = { metadata: [{ field: 'colour', is: { string: { eq: 'red' } } }] };
    const query = { vector: this.#vector() };
    orThrow(await this.#client.knnSearch({ library: { name: VECTORS }, query, k: 10, filter }));
  }

  async #searchHybrid(): Promise<void> {
    const query = { text: `${this.#word()} ${this.#word()} ${this.#word()}` };
    orThrow(await this.#client.search({ library: { name: TEXTS }, query, mode: 'HYBRID', k: 10 }));
  }

  async #page(): Promise<void> {
    await this.#client.chunks({ library: { name: VECTORS }, first: 50 });
  }

  async #replaceChunks(): Promise<void> {
    const places = this.#somePlaces();
    const { revision, vectors } = await this.#upsert(places);
    const library = { name: VECTORS };
    const query = { vector: vectors[0] as string };
    // What was written can be found, on whatever thread answers; unless it has been replaced or deleted since.
    orThrow(await this.#client.knnSearch({ library, query, k: 1, minRevision: revision }));
  }

  async #updateChunk(): Promise<void> {
    const id = `chk_soak-${this.#pick(this.#options.count)}`;
    const result = await this.#client.updateChunk({ id, metadata: { colour: 'red' } });
    // Another operation may have deleted it for a moment.
    if (result.__typename !== 'ChunkResult' && result.__typename !== 'NodeNotFoundError') orThrow(result);
  }

  async #deleteChunks(): Promise<void> {
    const places = this.#somePlaces();
    const ids = places.map((place) => `chk_soak-${place}`);
    orThrow(await this.#client.deleteChunks({ library: { name: VECTORS }, by: { ids } }));
    await this.#upsert(places);
  }

  async #writeDocument(document: number): Promise<void> {
    const text = Array.from({ length: 120 }, () => this.#word()).join(' ');
    orThrow(
      await this.#client.upsertDocument({
        library: { name: TEXTS },
        id: `doc_text-${document}`,
        title: `Text ${document}`,
        content: { text },
      }),
    );
  }

  #replaceDocument(): Promise<void> {
    return this.#writeDocument(this.#pick(TEXT_DOCUMENTS));
  }

  async #newConnection(): Promise<void> {
    const response = await this.#post('{ server { version } }', { connection: 'close' });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    await response.text();
  }

  async #wrong(): Promise<void> {
    const response = await this.#post(
      ['{ nothing }', '{ server {', 'query { library(by: {}) { id } }'][this.#pick(3)] as string,
    );
    if (response.status >= 500) throw new Error(`status ${response.status}`);
    await response.text();
  }

  #post(query: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.#options.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  }

  async #brokenOff(): Promise<void> {
    const signal = AbortSignal.timeout(1 + this.#pick(4));
    const query = { vector: this.#vector() };
    try {
      await this.#client.knnSearch(
        { library: { name: VECTORS }, query, k: 1_000, accuracy: { exact: true } },
        { signal },
      );
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #follow(): Promise<void> {
    const client = createClient({ url: this.#options.url });
    const events = client.libraryEvents({ name: VECTORS });
    const timer = setTimeout(() => events.return?.(), PATIENCE_MS);
    for (let seen = 0; seen < MAX_EVENTS; seen++) if ((await events.next()).done) break;
    clearTimeout(timer);
    await events.return?.();
    await client.close();
  }

  async #makeLibrary(): Promise<void> {
    const name = `soak-short-${this.#made++}`;
    orThrow(await this.#client.createLibrary({ name }));
    orThrow(
      await this.#client.upsertDocument({
        library: { name },
        id: `doc_${name}`,
        title: 'short',
        content: { text: this.#word() },
      }),
    );
    orThrow(await this.#client.search({ library: { name }, query: { text: this.#word() }, k: 1 }));
    orThrow(await this.#client.deleteLibrary({ library: { name } }));
  }

  async #export(): Promise<void> {
    const rows = await this.#client.exportRows(TEXTS, { format: 'ndjson' });
    for await (const _part of rows) if (this.#uniform() < 0.1) break;
  }

  async #settled(): Promise<void> {
    while ((await this.#client.jobs({ state: ['QUEUED', 'RUNNING'] })).edges.length > 0) await wait(100);
  }
}
