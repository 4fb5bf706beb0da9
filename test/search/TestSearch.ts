import { AttachedColumns } from '../../src/columns/AttachedColumns.ts';
import { ColumnReader } from '../../src/columns/ColumnReader.ts';
import { FilterCache } from '../../src/columns/FilterCache.ts';
import { LiveColumns } from '../../src/columns/LiveColumns.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { IndexType, Metric, RecallPoint, VectorIndex } from '../../src/indexes/VectorIndex.ts';
import type { CreateLibrary, LibraryCommand } from '../../src/library/commands.ts';
import type { Chunk, Metadata } from '../../src/library/types.ts';
import type { KnnAnswer, KnnRequest } from '../../src/search/KnnSearch.ts';
import { KnnSearcher, type KnnSearcherOptions } from '../../src/search/KnnSearcher.ts';
import type { LiveIndex } from '../../src/search/LiveIndexes.ts';
import { MeasuredCosts, type SearchCosts } from '../../src/search/SearchCosts.ts';
import { createDocument, createLibrary, TestStore, writeChunks } from '../library/TestStore.ts';

export const SECRET = new Uint8Array(32).fill(7);

/** Costs under which an HNSW index is walked wherever it can be. */
export const WALK_ALWAYS = new (class extends MeasuredCosts {
  override of(): SearchCosts {
    return { vectorNs: 1e9, effortNs: 1 };
  }
})();

/** A chunk of a test library: its document, its vector and its metadata. */
export interface Item {
  readonly id: string;
  readonly documentId: string;
  readonly vector: Float32Array;
  readonly metadata: Metadata;
}

/** A searcher over a real store, and real indexes and columns that follow its commits as the writer's would. */
export class TestSearch {
  readonly store = new TestStore();
  readonly indexes = new Map<string, VectorIndex>();
  readonly searcher: KnnSearcher;
  readonly columns = new Map<string, AttachedColumns>();
  readonly #filters = new FilterCache();
  readonly #live = new LiveColumns({
    indexOf: (libraryId) => this.indexes.get(libraryId),
    readerOf: (libraryId) =>
      new ColumnReader(this.store.database, this.store.reader.libraryKey(libraryId) as number),
    admit: () => () => undefined,
    level: () => this.store.reader.revision(),
    onTrouble: (message) => {
      throw new Error(message);
    },
  });
  readonly #type: IndexType;
  #applied = 0;

  constructor(type: IndexType = 'FLAT', options: Partial<KnnSearcherOptions> = {}) {
    this.#type = type;
    this.searcher = new KnnSearcher({
      reader: this.store.reader,
      indexes: { open: async (libraryId) => this.open(libraryId) },
      embedderFor: new Embedders().embedderFor,
      cursorSecret: SECRET,
      appliedRevision: () => this.store.reader.revision(),
      waitForRevision: async () => {},
      ...options,
    });
  }

  open(libraryId: string): LiveIndex {
    const columns =
      this.columns.get(libraryId) ??
      new AttachedColumns((specs) => this.#live.open(libraryId, specs), this.#filters);
    this.columns.set(libraryId, columns);
    return { index: this.index(libraryId), generation: 1, columns };
  }

  index(libraryId: string): VectorIndex {
    const known = this.indexes.get(libraryId);
    if (known) return known;
    const { dimension, metric } = this.store.reader.library({ id: libraryId })?.embedding ?? {};
    if (dimension == null || metric === undefined) throw new Error(`${libraryId} has no dimension.`);
    const index = createIndex({ type: this.#type, dimension, metric, seed: 1, m: 16, efConstruction: 100 });
    this.indexes.set(libraryId, index);
    return index;
  }

  /** Another index in the place of that of `lib_a`, made of all of its vectors at once. */
  rebuild(): void {
    const before = this.index('lib_a');
    const ordinals = before.ordinals();
    const { dimension } = before.parameters;
    const vectors = new Float32Array(ordinals.length * dimension);
    ordinals.forEach((ordinal, at) => vectors.set(before.vector(ordinal) ?? [], at * dimension));
    const index = createIndex({ ...before.parameters, expected: ordinals.length });
    index.append(ordinals, vectors);
    for (const _done of index.build());
    this.indexes.set('lib_a', index);
  }

  async submit(command: LibraryCommand): Promise<void> {
    await this.store.submit(command);
    for (const { outcome, vectorChanges, valueChange } of this.store.applied.slice(this.#applied)) {
      const { libraryId, revision } = outcome;
      for (const change of vectorChanges) {
        if (change.kind !== 'CHANGED') continue;
        this.index(libraryId).insert(change.added, change.vectors);
        this.#live.inserted(libraryId, change.added);
        this.index(libraryId).remove(change.removed);
        this.#live.removed(libraryId, change.removed);
      }
      if (valueChange !== undefined) this.#live.changed(libraryId, valueChange);
      this.#live.reached(libraryId, revision);
    }
    this.#applied = this.store.applied.length;
  }

  /** A library `lib_a` of chunks, in documents that are made for them. */
  async fill(metric: Metric, items: readonly Item[], changes: Partial<CreateLibrary> = {}): Promise<void> {
    const dimension = items[0]?.vector.length ?? null;
    const embedding = { provider: 'EXTERNAL', model: 'test', dimension, metric, normalized: false } as const;
    await this.submit(createLibrary('lib_a', { embedding, ...changes }));
    for (const documentId of new Set(items.map((item) => item.documentId))) {
      await this.submit(createDocument('lib_a', documentId));
    }
    await this.write(items);
  }

  async write(items: readonly Item[]): Promise<void> {
    const dimension = items[0]?.vector.length ?? 0;
    const values = new Float32Array(items.length * dimension);
    items.forEach(({ vector }, row) => values.set(vector, row * dimension));
    const offsets = Uint32Array.from({ length: items.length + 1 }, (_, row) => row * dimension);
    const writes = items.map(({ id, documentId, metadata }, row) => ({
      id,
      documentId,
      metadata,
      row,
      text: `Text of ${id}`,
    }));
    await this.submit(writeChunks('lib_a', writes, { values, offsets }, { mode: 'UPSERT' }));
  }

  async measure(recallCurve: readonly RecallPoint[]): Promise<void> {
    const library = this.store.reader.library({ id: 'lib_a' });
    if (!library) throw new Error('There is no library.');
    const index = { ...library.index, type: this.#type, recallCurve, measuredAt: 1, measuredOrdinal: 9 };
    await this.submit({ type: 'recordIndex', libraryId: 'lib_a', at: 5_000, index });
  }

  /** Searches `lib_a`. */
  ask(request: Pick<KnnRequest, 'query'> & Partial<KnnRequest>, signal?: AbortSignal): Promise<KnnAnswer> {
    return this.searcher.search({ library: { id: 'lib_a' }, k: 10, ...request }, signal);
  }

  async close(): Promise<void> {
    await this.store.close();
  }
}

export function idsOf(answer: { readonly hits: readonly { readonly chunk: Chunk }[] }): string[] {
  return answer.hits.map(({ chunk }) => chunk.id);
}
