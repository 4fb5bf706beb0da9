import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { registerRowChecksum } from './rowChecksum.ts';

/** Marks a file as Alcove's in SQLite's header ("Alcv"). */
export const APPLICATION_ID = 0x416c6376;
/** Bytes of the secret that signs cursors. */
const SECRET_BYTES = 32;

interface Migration {
  readonly name: string;
  up(connection: DatabaseSync): void;
}

/**
 * The tables. Times are milliseconds since the epoch. `key` columns are internal: short to refer to, never shown.
 *
 * - Keys of libraries and documents are never reused, so a cursor that holds one keeps its place.
 * - Vectors have a table of their own, so that reading chunks does not drag them along.
 * - `chunk_values` and `document_values` repeat the filterable metadata values, one row each, for filters: text as
 *   text, numbers as numbers, booleans as 0 and 1, date-times as milliseconds, one row per distinct value of a
 *   string list, and one empty blob for a list without values.
 */
const FIRST_SCHEMA = `
  CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE libraries (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    description TEXT,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER,
    metric TEXT NOT NULL,
    normalized INTEGER NOT NULL,
    frozen INTEGER NOT NULL,
    index_settings TEXT NOT NULL,
    index_record TEXT NOT NULL,
    next_ordinal INTEGER NOT NULL,
    document_count INTEGER NOT NULL,
    chunk_count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE metadata_fields (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    library_key INTEGER NOT NULL REFERENCES libraries (key) ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT,
    filterable INTEGER NOT NULL,
    UNIQUE (library_key, name)
  ) STRICT;

  CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    library_key INTEGER NOT NULL REFERENCES libraries (key) ON DELETE CASCADE,
    title TEXT NOT NULL,
    author TEXT,
    source_url TEXT,
    content_type TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (library_key, key)
  ) STRICT;
  CREATE INDEX documents_by_created_at ON documents (library_key, created_at);
  CREATE INDEX documents_by_updated_at ON documents (library_key, updated_at);
  CREATE INDEX documents_by_title ON documents (library_key, title);

  CREATE TABLE chunks (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    library_key INTEGER NOT NULL,
    document_key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    FOREIGN KEY (library_key, document_key) REFERENCES documents (library_key, key) ON DELETE CASCADE
  ) STRICT;
  CREATE UNIQUE INDEX chunks_by_ordinal ON chunks (library_key, ordinal);
  CREATE INDEX chunks_in_order ON chunks (library_key, document_key, position, key, ordinal);

  CREATE TABLE vectors (
    chunk_key INTEGER PRIMARY KEY REFERENCES chunks (key) ON DELETE CASCADE,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;

  CREATE TABLE chunk_values (
    chunk_key INTEGER NOT NULL REFERENCES chunks (key) ON DELETE CASCADE,
    field_key INTEGER NOT NULL REFERENCES metadata_fields (key) ON DELETE CASCADE,
    value ANY NOT NULL,
    PRIMARY KEY (chunk_key, field_key, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chunk_values_by_value ON chunk_values (field_key, value);

  CREATE TABLE document_values (
    document_key INTEGER NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    field_key INTEGER NOT NULL REFERENCES metadata_fields (key) ON DELETE CASCADE,
    value ANY NOT NULL,
    PRIMARY KEY (document_key, field_key, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX document_values_by_value ON document_values (field_key, value);

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    library_id TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_by_library ON jobs (library_id, created_at);
  CREATE INDEX jobs_by_state ON jobs (state);

  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_by_created_at ON idempotency (created_at);
`;

/** `source_hash` is of the file that a document was made of; `content` is JSON: what a document will say once it is embedded. */
const IMPORTS = `
  ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'INDEX';
  CREATE TABLE import_files (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    url TEXT,
    content_type TEXT,
    content_hash TEXT,
    document_id TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    problems TEXT NOT NULL,
    chunks INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (job_id, position)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE documents ADD COLUMN source_hash TEXT;
  CREATE TABLE pending_documents (
    document_key INTEGER PRIMARY KEY REFERENCES documents (key) ON DELETE CASCADE,
    library_key INTEGER NOT NULL,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    error TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX pending_documents_by_library ON pending_documents (library_key);
`;

/**
 * Search by words (docs/decisions/0020-words-in-one-table.md has the reasons). Rows of `chunk_words` and `chunk_trigrams`
 * are known by a place: the library's key in the upper bits, the chunk's ordinal in the lower 32.
 *
 * - Neither table keeps texts: both are made from those of the chunks, with terms that begin with the library.
 * - What a command writes is gathered in 16 MiB (`hashsize`) before it goes to the tables: with FTS5's own 1 MiB it took twice as long.
 * - `chunk_lengths` has a row for each chunk that is indexed, and `word_blocks` their sums.
 * - `word_tasks` is what is still to be indexed, or to be taken away after a library; the latter's key refers to nothing.
 */
const WORDS_SCHEMA = `
  ALTER TABLE libraries ADD COLUMN keywords TEXT NOT NULL DEFAULT '{"language":"ENGLISH","substrings":false}';

  CREATE VIRTUAL TABLE chunk_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '._'"
  );
  CREATE VIRTUAL TABLE chunk_words_terms USING fts5vocab (chunk_words, row);
  CREATE VIRTUAL TABLE chunk_words_instances USING fts5vocab (chunk_words, instance);
  CREATE VIRTUAL TABLE chunk_trigrams USING fts5 (
    trigrams, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '_'"
  );
  INSERT INTO chunk_words (chunk_words, rank) VALUES ('hashsize', 16777216);
  INSERT INTO chunk_trigrams (chunk_trigrams, rank) VALUES ('hashsize', 16777216);
  CREATE TABLE chunk_lengths (
    place INTEGER PRIMARY KEY,
    words INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE word_blocks (
    library_key INTEGER NOT NULL,
    block INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (library_key, block)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE word_tasks (
    library_key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    after INTEGER NOT NULL,
    up_to INTEGER NOT NULL
  ) STRICT;
  INSERT INTO word_tasks (library_key, kind, after, up_to)
    SELECT key, 'FILL', 0, next_ordinal - 1 FROM libraries WHERE chunk_count > 0;
`;

/**
 * Vectors of a library come in numbered sets, of which one serves: those of sets with even numbers are in `vectors`, of odd ones in
 * `vectors_odd` (docs/decisions/0021-embedding-aside.md). `next_set` is JSON: what is being done in the other table.
 * `next_truncated` are ordinals of chunks of which the next set's model read the beginning alone.
 */
const VECTOR_SETS = `
  ALTER TABLE libraries ADD COLUMN vector_set INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE libraries ADD COLUMN set_generation INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE libraries ADD COLUMN next_set TEXT;

  CREATE TABLE vectors_odd (
    chunk_key INTEGER PRIMARY KEY REFERENCES chunks (key) ON DELETE CASCADE,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE TABLE next_truncated (
    library_key INTEGER NOT NULL REFERENCES libraries (key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (library_key, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chunks_truncated ON chunks (library_key) WHERE truncated = 1;
`;

/**
 * Checksums of rows (rowChecksum.ts), filled in for what is there. Each list of columns is that of the code that reads the row, as of this
 * version.
 */
const ROW_CHECKSUMS = `
  ALTER TABLE libraries ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  UPDATE libraries SET checksum = row_checksum(key, id, name, description, provider, model, dimension, metric, normalized,
    document_prefix, query_prefix, frozen, index_settings, index_record, chunking, keywords, next_ordinal, vector_set,
    set_generation, next_set, document_count, chunk_count, bytes, revision, created_at, updated_at);

  ALTER TABLE metadata_fields ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  UPDATE metadata_fields SET checksum = row_checksum(name, type, description, filterable);

  ALTER TABLE documents ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  UPDATE documents SET checksum = row_checksum(id, (SELECT l.id FROM libraries l WHERE l.key = library_key), title, author,
    source_url, content_type, metadata, source_hash, incomplete, created_at, updated_at);

  ALTER TABLE chunks ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  UPDATE chunks SET checksum = row_checksum(id, (SELECT l.id FROM libraries l WHERE l.key = library_key),
    (SELECT d.id FROM documents d WHERE d.key = document_key), position, ordinal, text, page, headings,
    metadata, truncated, created_at, updated_at);

  ALTER TABLE pending_documents ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  UPDATE pending_documents SET checksum = row_checksum(document_key,
    (SELECT d.id FROM documents d WHERE d.key = document_key),
    (SELECT l.id FROM libraries l JOIN documents d ON d.library_key = l.key WHERE d.key = document_key),
    version, content, error, created_at);

  ALTER TABLE jobs ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
  UPDATE jobs SET checksum = row_checksum(record);
`;

/** In order; the place in this list, counted from 1, is the version that `user_version` holds afterwards. */
const MIGRATIONS: readonly Migration[] = [
  {
    name: 'libraries, documents, chunks, vectors, values, jobs, idempotency',
    up(connection) {
      connection.exec(FIRST_SCHEMA);
      const insert = connection.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
      insert.run('revision', 0);
      insert.run('secret', randomBytes(SECRET_BYTES));
      insert.run('databaseId', randomUUID());
    },
  },
  {
    name: 'sessions, by which an index file is known to be of this history',
    up(connection) {
      connection.exec(`
        CREATE TABLE sessions (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          after_revision INTEGER NOT NULL
        ) STRICT`);
      const insert = connection.prepare('INSERT INTO sessions (id, after_revision) VALUES (?, 0)');
      insert.run(randomUUID());
    },
  },
  {
    name: 'how libraries split texts, and where in its document a chunk stands',
    up(connection) {
      // The settings are those by which texts were split until then.
      connection.exec(`
        ALTER TABLE libraries ADD COLUMN chunking TEXT NOT NULL
          DEFAULT '{"by":"HEADINGS","unit":"CHARACTERS","size":800,"maxSize":1200,"overlap":0}';
        ALTER TABLE chunks ADD COLUMN page INTEGER;
        ALTER TABLE chunks ADD COLUMN headings TEXT NOT NULL DEFAULT '[]'`);
    },
  },
  {
    name: 'kinds of jobs, the files of imports, documents that wait to be embedded',
    up: (connection) => connection.exec(IMPORTS),
  },
  {
    name: 'words of chunks, for search by words; those of chunks that are there already are indexed bit by bit later',
    up(connection) {
      connection.exec(WORDS_SCHEMA);
    },
  },
  {
    name: 'prefixes of a contract, and chunks of which the model read the beginning alone',
    up(connection) {
      connection.exec(`
        ALTER TABLE libraries ADD COLUMN document_prefix TEXT;
        ALTER TABLE libraries ADD COLUMN query_prefix TEXT;
        ALTER TABLE chunks ADD COLUMN truncated INTEGER NOT NULL DEFAULT 0`);
    },
  },
  {
    name: 'sets of vectors, so that a library can be embedded anew beside the set that serves',
    up: (connection) => connection.exec(VECTOR_SETS),
  },
  {
    name: 'versions of the blocks of words, by which lists of them that are kept are known to be right',
    up: (connection) =>
      connection.exec('ALTER TABLE word_blocks ADD COLUMN version INTEGER NOT NULL DEFAULT 0'),
  },
  {
    name: 'documents that are written in parts',
    up: (connection) =>
      connection.exec('ALTER TABLE documents ADD COLUMN incomplete INTEGER NOT NULL DEFAULT 0'),
  },
  {
    name: 'checksums of rows, so that a text that is damaged is told from one that was written',
    up(connection) {
      registerRowChecksum(connection);
      connection.exec(ROW_CHECKSUMS);
    },
  },
  {
    name: 'checksums of pages, in a file beside this one (PageSums.ts), which programs of before would leave behind',
    up() {
      // Nothing in here changes: the version alone keeps them off.
    },
  },
];

/** The version of the tables that this program reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** The version of the tables in the file; 0 for an empty one. */
export function schemaVersion(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.user_version);
}

/**
 * Brings the tables up to a version, all steps in one transaction: whenever it is killed, and whatever fails, the file holds the
 * version that it had or the one that it was to have.
 */
export function migrate(connection: DatabaseSync, target = SCHEMA_VERSION): void {
  if (schemaVersion(connection) >= target) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const { up } of MIGRATIONS.slice(schemaVersion(connection), target)) up(connection);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec(`PRAGMA user_version = ${target}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
