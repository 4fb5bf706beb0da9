import { AlcoveError } from '../errors.ts';
import { readChunks } from './chunks.ts';
import type { Database } from './Database.ts';
import { readDocuments } from './documents.ts';
import { fieldsOf, readLibraries } from './libraries.ts';
import { pendingAfter } from './pendingDocuments.ts';
import { ROW_CHECKSUM } from './rowChecksum.ts';
import { findDamagedVector } from './vectors.ts';

/** Rows that are read at a time. */
const BATCH = 1_000;
/** The first version of the tables whose rows have checksums. */
const CHECKSUMS_SINCE = 10;

/**
 * Reads a database from end to end, and says what is the first thing in it that is damaged; undefined: nothing that can be told. It
 * tells damage to the structure of pages, an index or a list of words that does not fit its table, rows that refer to nothing, and rows and
 * vectors that are not what their checksums are of. The database may be of an older version, whose rows have none.
 */
export function findDamage(database: Database): string | undefined {
  const table = database.schemaDamage();
  if (table !== undefined) return table;
  const [problem] = database.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
  if (problem?.integrity_check !== 'ok') return problem?.integrity_check ?? 'its pages cannot be checked';
  const [orphan] = database.all<{ table: string; rowid: number }>('PRAGMA foreign_key_check');
  if (orphan !== undefined) return `row ${orphan.rowid} of ${orphan.table} refers to nothing`;
  const chunk = findDamagedVector(database);
  if (chunk !== undefined) return `the vector of chunk ${chunk}`;
  return database.schemaVersion() < CHECKSUMS_SINCE ? undefined : findDamagedRow(database);
}

function findDamagedRow(database: Database): string | undefined {
  const job = database.get<{ id: string }>(
    `SELECT id FROM jobs WHERE checksum <> ${ROW_CHECKSUM}(record) LIMIT 1`,
  );
  if (job !== undefined) return `the job ${job.id}`;
  try {
    for (const library of readLibraries(database, 'ORDER BY l.key')) fieldsOf(library);
    readAll((after) => readDocuments(database, `WHERE d.key > ? ORDER BY d.key LIMIT ${BATCH}`, after));
    readAll((after) => readChunks(database, `WHERE c.key > ? ORDER BY c.key LIMIT ${BATCH}`, after));
    readAll((after) => pendingAfter(database, after, BATCH).map(({ documentKey }) => ({ key: documentKey })));
  } catch (error) {
    if (error instanceof AlcoveError && error.kind === 'DamagedError')
      return error.message.replace(/\.$/, '');
    throw error;
  }
  return undefined;
}

function readAll(read: (after: number) => readonly { readonly key: number }[]): void {
  for (let after: number | undefined = 0; after !== undefined; ) after = read(after).at(-1)?.key;
}
