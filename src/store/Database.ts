import { endianness } from 'node:os';
import { basename } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { AlcoveError } from '../errors.ts';
import { foldCase } from './foldCase.ts';
import { APPLICATION_ID, SCHEMA_VERSION, schemaVersion } from './migrations.ts';
import type { CheckOptions } from './pages/checkPages.ts';
import { findLogDamage } from './pages/logDamage.ts';
import { PAGE_BYTES } from './pages/PageFile.ts';
import { PageDamageError } from './pages/PagePatrol.ts';
import { LogDamageError, pageSumsPath } from './pages/PageSums.ts';
import { WrittenPages } from './pages/WrittenPages.ts';
import { checkTime } from './readUntil.ts';
import { finishRemade } from './remake.ts';
import { registerRowChecksum } from './rowChecksum.ts';
import { schemaDamage } from './schemaDamage.ts';
import { isDiskError, isStatementError, sqliteTrouble } from './sqliteErrors.ts';
import { UpgradeError, upgrade } from './upgrade.ts';

/** The first SQLite whose write-ahead log is free of the corruption found in 2026. */
const MINIMUM_SQLITE_VERSION = '3.51.3';
const BUSY_TIMEOUT_MS = 5_000;
const WRITER_CACHE_KIB = 65_536;
const READER_CACHE_KIB = 32_768;
/** Compiled statements of each use that a connection keeps; filters make many different ones. */
const MAX_CACHED_STATEMENTS = 256;
/** Frames in the write-ahead log from which its pages are copied into the database. */
const CHECKPOINT_FRAMES = 2_000;
/** Frames from which the log is begun anew, as soon as no reader needs it any more. */
const TRUNCATE_FRAMES = 50_000;
const SYNCHRONOUS_FULL = 2;

/** A value that can be bound to a statement. */
export type SqlValue = SQLInputValue;

/** What a connection is for. */
type OpenMode = 'READ_WRITE' | 'READ_ONLY' | 'BACKUP';

/** What SQLite says after a checkpoint: the frames of the log, and those of them that are in the database. */
interface CheckpointedFrames {
  readonly log: number;
  readonly checkpointed: number;
}

/** The file cannot be used as a database; the message says why and what to do. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
}

/**
 * One connection to the store. There is one READ_WRITE connection, the writer's, which also creates, migrates and
 * checkpoints; server threads hold READ_ONLY ones. Statements are compiled once and kept.
 *
 * Memory mapping is left off: an I/O error in a mapped page would be a signal that ends the process in mid-read
 * instead of an error, and the system's page cache serves reads nearly as well.
 */
export class Database {
  readonly path: string;
  /** What opening it has done to it and found of it, as lines for the log. */
  readonly notices: readonly string[];
  readonly #connection: DatabaseSync;
  /** Of the READ_WRITE connection. */
  readonly #pages: WrittenPages | undefined;
  readonly #statements = {
    READ: new Map<string, StatementSync>(),
    LISTS: new Map<string, StatementSync>(),
    CHANGE: new Map<string, StatementSync>(),
  };

  private constructor(path: string, connection: DatabaseSync, pages: WrittenPages | undefined) {
    this.path = path;
    this.notices = pages?.notices ?? [];
    this.#connection = connection;
    this.#pages = pages;
  }

  /**
   * READ_WRITE compares all pages with their sums, unless `options` put that off, creates the file, and brings one of an older version forward after keeping a copy of it. A BACKUP is only read, and may be
   * of an older version.
   * @throws DatabaseOpenError if the file is missing (unless READ_WRITE), damaged, foreign or newer than this program, or could not
   * be brought forward.
   */
  static open(path: string, mode: OpenMode, options?: CheckOptions): Database {
    if (endianness() !== 'LE') throw new DatabaseOpenError('Alcove needs a little-endian processor.');
    let connection: DatabaseSync | undefined;
    let pages: WrittenPages | undefined;
    try {
      if (mode === 'READ_WRITE') {
        finishRemade(path);
        checkLog(path);
        pages = WrittenPages.open(path, PAGE_BYTES, BUSY_TIMEOUT_MS, options);
      }
      connection = pages?.connection ?? new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
      checkSqliteVersion(connection);
      checkOrigin(connection, path, mode);
      registerFunctions(connection);
      if (pages !== undefined) configureWriter(path, pages);
      connection.exec(`PRAGMA cache_size = -${mode === 'READ_WRITE' ? WRITER_CACHE_KIB : READER_CACHE_KIB}`);
      connection.exec('PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
      return new Database(path, connection, pages);
    } catch (error) {
      if (pages === undefined) connection?.close();
      else pages.close();
      throw toOpenError(error, path);
    }
  }

  /**
   * The first row, or undefined. `Row` is the caller's word for what the columns are.
   * @throws AlcoveError DamagedError if SQLite finds the file damaged there, or the disk fails; its own errors for anything else.
   */
  get<Row>(sql: string, ...parameters: SqlValue[]): Row | undefined {
    try {
      return this.#statement(sql).get(...parameters) as Row | undefined;
    } catch (error) {
      throw this.#damagedOr(error);
    }
  }

  /** All rows; throws as {@link get} does. */
  all<Row>(sql: string, ...parameters: SqlValue[]): Row[] {
    try {
      return this.#statement(sql).all(...parameters) as Row[];
    } catch (error) {
      throw this.#damagedOr(error);
    }
  }

  /** All rows, each as the list of its columns, which is read faster than objects are; throws as {@link get} does. */
  lists<Row extends readonly unknown[]>(sql: string, ...parameters: SqlValue[]): Row[] {
    try {
      return this.#statement(sql, 'LISTS').all(...parameters) as unknown as Row[];
    } catch (error) {
      throw this.#damagedOr(error);
    }
  }

  /**
   * Another number whenever a commit of another connection can be seen that could not be before: what was read at the same number is right
   * still. Undefined on the connection that commits by itself.
   */
  dataVersion(): number | undefined {
    if (this.#pages !== undefined) return undefined;
    return this.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
  }

  /**
   * Runs a change; throws as {@link get} does. Returns how many rows it touched, not counting those that went along
   * by a foreign key.
   */
  run(sql: string, ...parameters: SqlValue[]): number {
    try {
      return Number(this.#statement(sql, 'CHANGE').run(...parameters).changes);
    } catch (error) {
      throw this.#damagedOr(error);
    }
  }

  /** Does several reads as of one moment. */
  snapshot<T>(read: () => T): T {
    if (this.inTransaction) return read();
    this.run('BEGIN');
    try {
      return read();
    } finally {
      this.run('COMMIT');
    }
  }

  /** Whether a transaction is open; SQLite ends one by itself when the disk is full or fails. */
  get inTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  /**
   * Copies the write-ahead log into the database once it has grown. The writer calls it between transactions: an
   * automatic checkpoint would hide its I/O errors. It never waits for a reader, such as a long backup: what a reader
   * keeps it from is done after a later transaction.
   */
  checkpointIfDue(truncateFrames = TRUNCATE_FRAMES): void {
    const frames = this.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log ?? 0;
    if (frames < Math.min(CHECKPOINT_FRAMES, truncateFrames)) return;
    this.#pages?.cover();
    this.#pages?.checkpointed(
      frames >= truncateFrames
        ? this.#truncateLog()
        : this.get<CheckpointedFrames>('PRAGMA wal_checkpoint(PASSIVE)'),
    );
  }

  #truncateLog(): CheckpointedFrames | undefined {
    this.#connection.exec('PRAGMA busy_timeout = 0');
    try {
      return this.get<CheckpointedFrames>('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  close(): void {
    for (const statements of Object.values(this.#statements)) statements.clear();
    if (this.#pages === undefined) this.#connection.close();
    else this.#pages.close();
  }

  /**
   * Compares some more pages with their sums, between transactions of the connection that writes. Returns whether those were the last ones, and the next
   * are the first. @throws PageDamageError
   */
  patrolPages(): boolean {
    return this.#pages?.patrol() ?? true;
  }

  /** The version of its tables. */
  schemaVersion(): number {
    return schemaVersion(this.#connection);
  }

  /** What of its list of tables is not as it was made, in words. */
  schemaDamage(): string | undefined {
    return schemaDamage(this.#connection);
  }

  #damagedOr(error: unknown): unknown {
    if (isDiskError(error))
      return new AlcoveError(
        'DamagedError',
        `The disk could not read or write the database file ${basename(this.path)} (${(error as Error).message}). Look at the disk; ` +
          'if the file is lost, restore a backup.',
        { cause: error },
      );
    const isDamaged =
      sqliteTrouble(error) === 'DAMAGED' || (isStatementError(error) && this.schemaDamage() !== undefined);
    if (!isDamaged) return error;
    return new AlcoveError(
      'DamagedError',
      `The database file ${basename(this.path)} is damaged where it was read or written. Restore a backup.`,
      { cause: error },
    );
  }

  /**
   * The compiled statement, most recently used last in the cache. One for {@link run} answers the last rowid as well, and
   * those of FTS5's own tables are beyond 2 ** 53.
   */
  #statement(sql: string, use: 'READ' | 'LISTS' | 'CHANGE' = 'READ'): StatementSync {
    const statements = this.#statements[use];
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#pages?.outlive();
      statement.setReadBigInts(use === 'CHANGE');
      statement.setReturnArrays(use === 'LISTS');
      if (statements.size >= MAX_CACHED_STATEMENTS) {
        const [oldest] = statements.keys();
        if (oldest !== undefined) statements.delete(oldest);
      }
    } else {
      statements.delete(sql);
    }
    statements.set(sql, statement);
    return statement;
  }
}

function checkSqliteVersion(connection: DatabaseSync): void {
  const version = String(connection.prepare('SELECT sqlite_version() AS version').get()?.version);
  if (version.localeCompare(MINIMUM_SQLITE_VERSION, 'en', { numeric: true }) < 0) {
    throw new DatabaseOpenError(
      `This runtime has SQLite ${version}; Alcove needs ${MINIMUM_SQLITE_VERSION} or newer. Use Node 24.15 or newer.`,
    );
  }
}

/** Refuses what SQLite would pass over. */
function checkLog(path: string): void {
  const damage = findLogDamage(`${path}-wal`);
  if (damage === undefined) return;
  throw new DatabaseOpenError(
    `${path}-wal, the log of the database, is damaged (${damage}), and what was written after that would be lost. Restore a backup; ` +
      'to go on with what the database file alone holds, move the log away.',
  );
}

/** Refuses files of other programs, and of newer versions of this one. */
function checkOrigin(connection: DatabaseSync, path: string, mode: OpenMode): void {
  const applicationId = Number(connection.prepare('PRAGMA application_id').get()?.application_id);
  const tables = Number(connection.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables);
  const isEmpty = applicationId === 0 && tables === 0;
  if (!isEmpty && applicationId !== APPLICATION_ID) {
    throw new DatabaseOpenError(`${path} is a database of another program. Choose another data folder.`);
  }
  const version = schemaVersion(connection);
  if (version > SCHEMA_VERSION) {
    throw new DatabaseOpenError(
      `${path} was written by a newer Alcove (version ${version} of the tables; this program knows up to ` +
        `${SCHEMA_VERSION}). Update Alcove, or restore a backup made by this version.`,
    );
  }
  const leastVersion = { READ_WRITE: 0, BACKUP: 1, READ_ONLY: SCHEMA_VERSION }[mode];
  if (version < leastVersion) {
    throw new DatabaseOpenError(`${path} has not been set up yet (version ${version} of the tables).`);
  }
}

/** Durability is not taken on trust: each setting is read back. */
function configureWriter(path: string, pages: WrittenPages): void {
  const { connection } = pages;
  connection.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
  connection.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
  const journalMode = connection.prepare('PRAGMA journal_mode').get()?.journal_mode;
  const synchronous = connection.prepare('PRAGMA synchronous').get()?.synchronous;
  const foreignKeys = connection.prepare('PRAGMA foreign_keys').get()?.foreign_keys;
  if (journalMode !== 'wal' || synchronous !== SYNCHRONOUS_FULL || foreignKeys !== 1) {
    throw new DatabaseOpenError(
      `${path} cannot be made durable: got journal_mode ${journalMode}, synchronous ${synchronous}, foreign_keys ` +
        `${foreignKeys}; expected wal, ${SYNCHRONOUS_FULL}, 1. Is the folder on a network or read-only file system?`,
    );
  }
  pages.begin();
  const upgraded = upgrade(connection, path);
  if (upgraded !== undefined) pages.notices.push(upgraded);
  pages.cover();
}

/** The checksum of rows, and the text operators of filters. Each of these takes a value and an already folded needle; what is not text never matches. */
function registerFunctions(connection: DatabaseSync): void {
  registerRowChecksum(connection);
  const operators: Record<string, (text: string, needle: string) => boolean> = {
    fold_contains: (text, needle) => text.includes(needle),
    fold_starts_with: (text, needle) => text.startsWith(needle),
    fold_ends_with: (text, needle) => text.endsWith(needle),
  };
  for (const [name, holds] of Object.entries(operators)) {
    connection.function(name, { deterministic: true, directOnly: true }, (text, needle) => {
      checkTime();
      return typeof text === 'string' && holds(foldCase(text), String(needle)) ? 1 : 0;
    });
  }
}

function toOpenError(error: unknown, path: string): unknown {
  if (error instanceof DatabaseOpenError) return error;
  if (error instanceof PageDamageError || error instanceof LogDamageError) {
    return new DatabaseOpenError(
      `${error.message}. Restore a backup; docs/operations.md says how to go on with what is left. ` +
        `If you have put another file in its place yourself, remove ${pageSumsPath(path)} first.`,
      { cause: error },
    );
  }
  if (error instanceof UpgradeError) return new DatabaseOpenError(error.message, { cause: error });
  if (sqliteTrouble(error) === 'DAMAGED') {
    return new DatabaseOpenError(
      `${path} is damaged or not a database (${String(error)}). Restore a backup, or move the file away.`,
      { cause: error },
    );
  }
  return new DatabaseOpenError(`${path} cannot be opened: ${String(error)}`, { cause: error });
}
