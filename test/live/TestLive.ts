import { join } from 'node:path';
import type { IndexSettings } from '../../src/library/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import { LiveLibrary } from './LiveLibrary.ts';

export const DIMENSION = 4;
export const FLAT: IndexSettings = { type: 'FLAT', m: 8, efConstruction: 40 };
export const HNSW: IndexSettings = { ...FLAT, type: 'HNSW' };

/** A library with its store, the folder of its index files, and what live indexes over it have said. */
export class TestLive {
  readonly library: LiveLibrary;
  readonly folder: string;
  readonly dropped: string[] = [];
  readonly rebuilds: string[] = [];
  readonly troubles: string[] = [];

  private constructor(library: LiveLibrary) {
    this.library = library;
    this.folder = join(library.store.folder, 'indexes');
  }

  static async begin(settings: IndexSettings): Promise<TestLive> {
    return new TestLive(await LiveLibrary.create(DIMENSION, { indexSettings: settings }));
  }

  /** The file of the library's first index. */
  get file(): string {
    return join(this.folder, this.library.id, '1.alcove');
  }

  open(maxOpen?: number): LiveIndexes {
    return new LiveIndexes({
      files: new IndexFiles(this.folder),
      reader: this.library.store.reader,
      onDropped: (libraryId) => this.dropped.push(libraryId),
      onRebuildDue: (_libraryId, reason) => this.rebuilds.push(reason),
      onTrouble: (message) => this.troubles.push(message),
      ...(maxOpen === undefined ? {} : { maxOpen }),
    });
  }

  /** Applies what the last command changed, as the writer does after its commit. */
  async applyLast(live: LiveIndexes): Promise<void> {
    for (const change of this.library.store.lastApplied.vectorChanges) await live.apply(change);
  }

  /** Records that the library's index is of the second generation. */
  async recordSecond(
    changes: { readonly type?: 'HNSW'; readonly settings?: IndexSettings } = {},
  ): Promise<void> {
    const { store, id } = this.library;
    const record = store.reader.library({ id })?.index;
    if (record === undefined) throw new Error('no record');
    const index = { ...record, ...changes, generation: 2 };
    await store.submit({ type: 'recordIndex', libraryId: id, at: 1, index });
  }

  close(): Promise<void> {
    return this.library.close();
  }
}
