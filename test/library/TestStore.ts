import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlcoveError, type ErrorKind } from '../../src/errors.ts';
import { applyLibraryCommand } from '../../src/library/apply.ts';
import type {
  Applied,
  ChunkWrite,
  CreateDocument,
  CreateLibrary,
  LibraryCommand,
  Outcome,
  VectorRows,
  WriteChunks,
} from '../../src/library/commands.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { LocalLog } from '../../src/log/LocalLog.ts';
import { Database } from '../../src/store/Database.ts';
import { forgetPageSums } from '../../src/store/pages/PageSums.ts';

/** A whole store in a folder of its own: the writer's connection, its log, and a reader beside them. */
export class TestStore {
  readonly folder: string;
  readonly path: string;
  database!: Database;
  readDatabase!: Database;
  reader!: StoredLibraryReader;
  log!: LocalLog<LibraryCommand, Outcome, Applied>;
  /** Everything that was committed, in order. */
  readonly applied: Applied[] = [];
  readonly fatal: unknown[] = [];
  #copies = 0;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'alcove-store-'));
    this.path = join(this.folder, 'alcove.db');
    this.#open();
  }

  #open(): void {
    this.database = Database.open(this.path, 'READ_WRITE');
    this.readDatabase = Database.open(this.path, 'READ_ONLY');
    this.reader = new StoredLibraryReader(this.readDatabase);
    this.log = new LocalLog({
      database: this.database,
      apply: applyLibraryCommand,
      onCommitted: (changes) => void this.applied.push(...changes),
      onFatal: (error) => void this.fatal.push(error),
    });
  }

  submit(command: LibraryCommand): Promise<Outcome> {
    return this.log.submit({ command });
  }

  get lastApplied(): Applied {
    const last = this.applied.at(-1);
    if (last === undefined) throw new Error('Nothing has been applied.');
    return last;
  }

  /** A copy of the database as it is now. */
  copy(): string {
    const path = join(this.folder, `copy-${this.#copies++}.db`);
    this.database.run('VACUUM INTO ?', path);
    return path;
  }

  /** Puts a copy in the place of the database, as a person might who knows no better. */
  async goBackTo(copy: string): Promise<void> {
    await this.#close();
    copyFileSync(copy, this.path);
    forgetPageSums(this.path);
    this.#open();
  }

  async close(): Promise<void> {
    await this.#close();
    rmSync(this.folder, { recursive: true });
  }

  async #close(): Promise<void> {
    await this.log.close();
    this.readDatabase.close();
    this.database.close();
  }
}

/** The error that a command was refused with. */
export async function refusal(promise: Promise<unknown>, kind?: ErrorKind): Promise<AlcoveError> {
  const error = await promise.then(
    () => new Error('Expected a refusal.'),
    (reason: unknown) => reason,
  );
  return asAlcoveError(error, kind);
}

/** The error that a call throws. */
export function thrown(call: () => unknown, kind?: ErrorKind): AlcoveError {
  try {
    call();
  } catch (error) {
    return asAlcoveError(error, kind);
  }
  throw new Error('Expected an error.');
}

function asAlcoveError(error: unknown, kind: ErrorKind | undefined): AlcoveError {
  if (!(error instanceof AlcoveError)) throw error;
  if (kind !== undefined && error.kind !== kind) throw error;
  return error;
}

/** Vectors as a command carries them; they may differ in length. */
export function rows(...vectors: readonly (readonly number[])[]): VectorRows {
  const offsets = [0];
  for (const vector of vectors) offsets.push((offsets.at(-1) ?? 0) + vector.length);
  return { values: Float32Array.from(vectors.flat()), offsets: Uint32Array.from(offsets) };
}

export const NO_VECTORS = rows();

export function createLibrary(id: string, changes: Partial<CreateLibrary> = {}): CreateLibrary {
  return {
    type: 'createLibrary',
    id,
    at: 1_000,
    name: `Library ${id}`,
    description: null,
    embedding: { provider: 'EXTERNAL', model: 'test', dimension: 2, metric: 'EUCLIDEAN', normalized: false },
    metadataFields: [],
    indexSettings: { type: 'AUTO', m: 16, efConstruction: 200 },
    ...changes,
  };
}

export function createDocument(
  libraryId: string,
  id: string,
  changes: Partial<CreateDocument> = {},
): CreateDocument {
  return {
    type: 'createDocument',
    library: { id: libraryId },
    id,
    at: 2_000,
    ifExists: 'ERROR',
    title: `Document ${id}`,
    author: null,
    sourceUrl: null,
    contentType: 'text/plain',
    metadata: {},
    chunks: [],
    vectors: NO_VECTORS,
    ...changes,
  };
}

export function chunk(id: string, row: number, changes: Partial<ChunkWrite> = {}): ChunkWrite {
  return { id, text: `Text of ${id}`, metadata: {}, row, ...changes };
}

export function writeChunks(
  libraryId: string,
  items: WriteChunks['items'],
  vectors: VectorRows,
  changes: Partial<WriteChunks> = {},
): WriteChunks {
  return {
    type: 'writeChunks',
    library: { id: libraryId },
    at: 3_000,
    mode: 'CREATE',
    atomicity: 'ALL_OR_NOTHING',
    items,
    vectors,
    ...changes,
  };
}
