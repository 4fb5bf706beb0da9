import { AttachedColumns } from '../../src/columns/AttachedColumns.ts';
import type { Matching, StoreAnswers } from '../../src/columns/ColumnFilter.ts';
import { ColumnReader } from '../../src/columns/ColumnReader.ts';
import { FilterCache } from '../../src/columns/FilterCache.ts';
import { LiveColumns } from '../../src/columns/LiveColumns.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { VectorIndex } from '../../src/indexes/VectorIndex.ts';
import type { Applied, LibraryCommand } from '../../src/library/commands.ts';
import type { Predicate } from '../../src/store/predicate.ts';
import { TestStore } from '../library/TestStore.ts';

/** A real store with an index of `lib_a`, and columns beside it that follow its commits as the writer's would. */
export class TestColumns {
  readonly store = new TestStore();
  readonly troubles: string[] = [];
  readonly live: LiveColumns;
  readonly cache = new FilterCache();
  /** Memory that columns may still take. */
  freeBytes = 2 ** 30;
  index: VectorIndex = newIndex();
  attached!: AttachedColumns;
  /** Predicates that the store was asked, by attached columns. */
  asked = 0;
  #applied = 0;

  constructor() {
    this.live = new LiveColumns({
      indexOf: () => this.index,
      readerOf: (libraryId) => {
        const key = this.store.reader.libraryKey(libraryId);
        return key === undefined ? undefined : new ColumnReader(this.store.database, key);
      },
      admit: (_libraryId, bytes) => {
        if (bytes > this.freeBytes) return undefined;
        this.freeBytes -= bytes;
        return () => {
          this.freeBytes += bytes;
        };
      },
      level: () => this.store.reader.revision(),
      onTrouble: (message) => this.troubles.push(message),
    });
    this.attach();
  }

  /** Begins anew as another thread would. What is shared crosses threads as a clone. */
  attach(): void {
    this.attached = new AttachedColumns(
      async (specs) => structuredClone(await this.live.open('lib_a', specs)),
      this.cache,
    );
  }

  async submit(command: LibraryCommand): Promise<void> {
    await this.store.submit(command).catch(() => undefined);
    for (const applied of this.store.applied.slice(this.#applied)) this.#follow(applied);
    this.#applied = this.store.applied.length;
  }

  /** Another index in the place of the live one, with other slots. */
  rebuild(): void {
    const before = this.index;
    this.index = newIndex();
    for (const ordinal of before.ordinals()) {
      this.index.insert(Uint32Array.of(ordinal), before.vector(ordinal) as Float32Array);
    }
    this.live.drop('lib_a');
    this.attached.close();
    this.attach();
  }

  /** What the columns let through, once those that are needed are there. */
  async match(predicate: Predicate): Promise<Matching> {
    const matching = this.matchNow(predicate);
    if (matching !== undefined) return matching;
    await this.attached.settled();
    const filled = this.matchNow(predicate);
    if (filled === undefined) throw new Error('There are no columns.');
    return filled;
  }

  matchNow(predicate: Predicate): Matching | undefined {
    const library = this.store.reader.library({ id: 'lib_a' });
    if (library === undefined) throw new Error('There is no library.');
    const answers: StoreAnswers = {
      revision: library.revision,
      isLevel: true,
      slotsMatching: (part, among) => {
        this.asked += 1;
        return this.index.slotsOf(this.store.reader.ordinalsMatching('lib_a', part, among));
      },
    };
    return this.attached.match(predicate, library.metadataFields, answers);
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  /** In the order in which the writer does it. */
  #follow({ outcome, events, vectorChanges, valueChange }: Applied): void {
    for (const change of vectorChanges) {
      if (change.kind !== 'CHANGED') continue;
      this.index.insert(change.added, change.vectors);
      this.live.inserted('lib_a', change.added);
      this.index.remove(change.removed);
      this.live.removed('lib_a', change.removed);
    }
    if (valueChange !== undefined) this.live.changed('lib_a', valueChange);
    if (events.some(({ kind }) => kind === 'LIBRARY_UPDATED')) this.live.redeclared('lib_a');
    this.live.reached('lib_a', outcome.revision);
  }
}

function newIndex(): VectorIndex {
  return createIndex({ type: 'FLAT', dimension: 2, metric: 'EUCLIDEAN', seed: 1 });
}
