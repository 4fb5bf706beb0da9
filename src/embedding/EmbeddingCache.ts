import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** What a model made of a text. */
export interface CachedEmbedding {
  readonly vector: Float32Array;
  /** Whether the model read the beginning of the text alone. */
  readonly truncated: boolean;
}

/** What a cache has done and holds, over all threads and processes that share it. */
export interface CacheFigures {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  /** Of the file; its write-ahead log comes on top while it is in use. */
  readonly bytes: number;
  readonly limitBytes: number;
}

/** A lookup must not hold up its thread: while another one writes for longer than this, the cache does without. */
const BUSY_LIMIT_MS = 100;
const PAGE_BYTES = 4_096;
const LOG_LIMIT_BYTES = 16_777_216;
/** Of the entries, so many go when there is no more room: those that were used least lately. */
const EVICTED_SHARE = 0.1;
/** When an entry was used is noted as precisely as this, so that not every hit is a write. */
const USE_PRECISION_MS = 3_600_000;
/** This long after the first count that has not been written, it is. */
const FIGURES_DELAY_MS = 1_000;

const CHECKSUM_BYTES = 16;
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, used INTEGER NOT NULL, value BLOB NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_use ON entries (used);
  CREATE TABLE IF NOT EXISTS figures (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO figures VALUES ('hits', 0), ('misses', 0)`;

/** SQLite's primary result codes: https://sqlite.org/rescode.html. */
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

interface Open {
  readonly connection: DatabaseSync;
  readonly find: StatementSync;
  readonly touch: StatementSync;
  readonly add: StatementSync;
  readonly evict: StatementSync;
  readonly count: StatementSync;
}

/**
 * Embeddings on disk, by a key that says everything they were made of (see {@link embeddingKey}), for the threads and
 * processes that work on one data folder. It is a cache: nothing waits for it, nothing is lost with it, and it throws
 * nothing. An entry whose checksum does not match is no entry, and a file that SQLite calls damaged is begun anew.
 */
export class EmbeddingCache {
  readonly #path: string;
  readonly #limitBytes: number;
  readonly #clock: () => number;
  #open: Open | undefined;
  #uncounted = { hits: 0, misses: 0 };
  #timer: NodeJS.Timeout | undefined;

  /** `limitBytes` of 0 keeps nothing, and makes no file. */
  constructor(path: string, limitBytes: number, clock: () => number = Date.now) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#clock = clock;
  }

  /** The embeddings of these keys, in their order; undefined for those that there are none of. */
  get(keys: readonly Uint8Array[]): (CachedEmbedding | undefined)[] {
    const found = this.#use((open) => {
      const stale: Uint8Array[] = [];
      const now = this.#clock();
      const embeddings = keys.map((key) => {
        const row = open.find.get(key);
        const embedding = row?.value instanceof Uint8Array ? decode(key, row.value) : undefined;
        if (embedding !== undefined && now - Number(row?.used) > USE_PRECISION_MS) stale.push(key);
        return embedding;
      });
      if (stale.length > 0) {
        inTransaction(open, () => {
          for (const key of stale) open.touch.run(now, key);
        });
      }
      return embeddings;
    });
    const embeddings = found ?? keys.map(() => undefined);
    const hits = embeddings.filter((embedding) => embedding !== undefined).length;
    this.#count(hits, keys.length - hits);
    return embeddings;
  }

  /** Counts texts that could not even be looked up. */
  missed(count: number): void {
    this.#count(0, count);
  }

  put(entries: readonly { readonly key: Uint8Array; readonly embedding: CachedEmbedding }[]): void {
    const add = ({ connection, ...open }: Open) =>
      inTransaction({ connection }, () => {
        for (const { key, embedding } of entries) open.add.run(key, this.#clock(), encode(key, embedding));
      });
    this.#use((open) => {
      try {
        add(open);
      } catch (error) {
        if (codeOf(error) !== SQLITE_FULL) throw error;
        open.evict.run(EVICTED_SHARE);
        add(open);
      }
    });
  }

  figures(): CacheFigures {
    this.#writeCounts();
    const counted = this.#use(({ connection, count }) => {
      const [pages, free] = ['page_count', 'freelist_count'].map((name) =>
        Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]),
      ) as [number, number];
      const { hits, misses, entries } = count.get() ?? {};
      const bytes = (pages - free) * PAGE_BYTES;
      return { hits: Number(hits), misses: Number(misses), entries: Number(entries), bytes };
    });
    return { ...(counted ?? { hits: 0, misses: 0, entries: 0, bytes: 0 }), limitBytes: this.#limitBytes };
  }

  close(): void {
    this.#writeCounts();
    this.#open?.connection.close();
    this.#open = undefined;
  }

  #count(hits: number, misses: number): void {
    if (this.#limitBytes === 0) return;
    this.#uncounted.hits += hits;
    this.#uncounted.misses += misses;
    this.#timer ??= setTimeout(() => this.#writeCounts(), FIGURES_DELAY_MS).unref();
  }

  #writeCounts(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { hits, misses } = this.#uncounted;
    if (hits + misses === 0) return;
    this.#uncounted = { hits: 0, misses: 0 };
    this.#use(({ connection }) => {
      const update = connection.prepare('UPDATE figures SET value = value + ? WHERE name = ?');
      update.run(hits, 'hits');
      update.run(misses, 'misses');
    });
  }

  /** Does `work` on the open file; undefined where that cannot be done now. */
  #use<T>(work: (open: Open) => T): T | undefined {
    if (this.#limitBytes === 0) return undefined;
    try {
      this.#open ??= this.#openFile();
      return work(this.#open);
    } catch (error) {
      if (isDamage(error)) this.#discard();
      return undefined;
    }
  }

  /** Opens the file. One that is larger than the limit, as it was set before, is begun anew. */
  #openFile(): Open {
    const tooLarge = (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > this.#limitBytes;
    if (tooLarge) this.#discard();
    return open(this.#path, this.#limitBytes);
  }

  /** Throws the file away; the next use begins another. */
  #discard(): void {
    try {
      this.#open?.connection.close();
    } finally {
      this.#open = undefined;
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.#path}${suffix}`, { force: true });
    }
  }
}

/** The key of an embedding: a hash of all that decides which vector it is. */
export function embeddingKey(parts: readonly (string | number | null)[]): Uint8Array {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

function open(path: string, limitBytes: number): Open {
  const connection = new DatabaseSync(path, { timeout: BUSY_LIMIT_MS });
  try {
    // What the file loses in a crash of the machine it only has to be told apart from what is there.
    connection.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES};
      PRAGMA max_page_count = ${Math.floor(limitBytes / PAGE_BYTES)}`);
    connection.exec(SCHEMA);
    return {
      connection,
      find: connection.prepare('SELECT used, value FROM entries WHERE key = ?'),
      touch: connection.prepare('UPDATE entries SET used = ? WHERE key = ?'),
      add: connection.prepare('INSERT OR REPLACE INTO entries (key, used, value) VALUES (?, ?, ?)'),
      evict: connection.prepare(`DELETE FROM entries WHERE rowid IN (
        SELECT rowid FROM entries ORDER BY used LIMIT (SELECT 1 + CAST(count(*) * ? AS INTEGER) FROM entries))`),
      count: connection.prepare(`SELECT (SELECT count(*) FROM entries) AS entries,
        (SELECT value FROM figures WHERE name = 'hits') AS hits,
        (SELECT value FROM figures WHERE name = 'misses') AS misses`),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function inTransaction({ connection }: Pick<Open, 'connection'>, work: () => void): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    work();
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/** The flag, the vector, and a checksum over both and the key. */
function encode(key: Uint8Array, { vector, truncated }: CachedEmbedding): Uint8Array {
  const body = Buffer.concat([
    Uint8Array.of(truncated ? 1 : 0),
    new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength),
  ]);
  return Buffer.concat([body, checksum(key, body)]);
}

function decode(key: Uint8Array, value: Uint8Array): CachedEmbedding | undefined {
  const length = value.byteLength - CHECKSUM_BYTES;
  if (length < 1 || (length - 1) % Float32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const body = value.subarray(0, length);
  if (Buffer.compare(checksum(key, body), value.subarray(length)) !== 0) return undefined;
  // A copy, so that the numbers are aligned.
  return { truncated: body[0] === 1, vector: new Float32Array(body.slice(1).buffer) };
}

function checksum(key: Uint8Array, body: Uint8Array): Uint8Array {
  return createHash('sha256').update(key).update(body).digest().subarray(0, CHECKSUM_BYTES);
}

function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** The primary result code of an error of SQLite's. */
function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}
