import { createHash, type Hash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportNdjson } from '../../src/bulk/exportRows.ts';
import { AlcoveError } from '../../src/errors.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { tendWords } from '../../src/library/applyWords.ts';
import { findDerivedDamage } from '../../src/library/findDerivedDamage.ts';
import { openDatabase } from '../../src/library/openDatabase.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { Database, DatabaseOpenError } from '../../src/store/Database.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { findDamage } from '../../src/store/findDamage.ts';
import { pageSumsPath } from '../../src/store/pages/PageSums.ts';
import { gaussianFrom, randomFrom } from '../indexes/data.ts';
import { AUTO, RunningWriter } from '../writer/RunningWriter.ts';

const DIMENSION = 24;
const DOCUMENTS = 12;
const ROWS = 60;
/** Chunks of a document that have a value to filter by. */
const VALUES = 4;
/** Small enough for an index of several segments. */
const SEGMENT_SLOTS = 300;
/** What an index file's fields take of its header, and SQLite's header. */
const INDEX_HEADER_BYTES = 136;
const DATABASE_HEADER_BYTES = 100;
const LOG_HEADER_BYTES = 32;
const SUMS_HEADER_BYTES = 36;
const QUERIES = 5;
/** Where the files of cases are left that were answered wrongly, for whoever looks into them. */
const KEPT_FAULTS = process.env.ALCOVE_DRILL_FAULTS;
/** What every text, title and id of a chunk has in it. */
const NAME = 'some-words-of-document-';

/** What became of so many damaged files. */
export interface DamageFigures {
  /** Cut or changed, and noticed: refused, or an error where it was read. */
  noticed: number;
  /** Noticed, and made anew of what was not damaged. */
  remade: number;
  /** Noticed, but by an error that does not say that the file is damaged. */
  untyped: number;
  /** Everything was read, and was what it had been. */
  harmless: number;
  /** Whole, but as of an earlier commit. */
  older: number;
  /** An answer that was never right. */
  wrong: number;
  /** Wrong or older, and not found by `alcove verify` either. */
  unfound: number;
}

const none = (): DamageFigures => ({
  noticed: 0,
  remade: 0,
  untyped: 0,
  harmless: 0,
  older: 0,
  wrong: 0,
  unfound: 0,
});

/**
 * What is damaged: a kind of file, or the places in the database where texts, titles and ids stand. That `withoutSums` has lost the sums of its pages, so
 * that those of rows are all that there is, as of a file that somebody has copied.
 */
export type DamagedFile = 'index' | 'database' | 'texts' | 'withoutSums' | 'sums' | 'log';

/** Bytes of a file, damaged in one way. */
type Damage = (bytes: Buffer, random: () => number) => Buffer;

const cutAtRandom: Damage = (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length));
const flipAtRandom: Damage = (bytes, random) => flipped(bytes, Math.floor(random() * bytes.length), random);

function flipped(bytes: Buffer, at: number, random: () => number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return changed;
}

/** Flips within what {@link NAME} is the beginning of. */
function flipsInTexts(database: Buffer, count: number): Damage[] {
  const places = [...database.toString('latin1').matchAll(new RegExp(`${NAME}[-0-9 ]*`, 'g'))];
  return Array.from(
    { length: count },
    (): Damage => (bytes, random) => {
      const place = places[Math.floor(random() * places.length)];
      if (place === undefined) throw new Error('The database has no texts.');
      return flipped(bytes, place.index + Math.floor(random() * place[0].length), random);
    },
  );
}

/** Cut at every byte of the header and flipped in every byte of it, then cut and flipped at random places. */
function damages(headerBytes: number, atRandom: number, step: number): Damage[] {
  const places = Array.from({ length: Math.ceil(headerBytes / step) }, (_, at) => at * step);
  return [
    ...places.map(
      (at): Damage =>
        (bytes) =>
          bytes.subarray(0, at),
    ),
    ...places.map(
      (at): Damage =>
        (bytes, random) =>
          flipped(bytes, at, random),
    ),
    ...Array.from({ length: atRandom }, (_, at) => (at % 4 === 0 ? cutAtRandom : flipAtRandom)),
  ];
}

/** Damages the files of a library, each time one of them in one place, and opens and reads what is left. */
export async function drillDamage(options: {
  /** For each kind of file, beside those of its header. */
  readonly atRandom: number;
  /** Every so many bytes of a header. */
  readonly headerStep: number;
  readonly seed: number;
  readonly onCase?: (file: DamagedFile, figures: DamageFigures) => void;
}): Promise<Record<DamagedFile, DamageFigures>> {
  const { atRandom, headerStep, seed, onCase } = options;
  const random = randomFrom(seed);
  const scratch = mkdtempSync(join(tmpdir(), 'alcove-drill-damage-'));
  const figures: Record<DamagedFile, DamageFigures> = {
    index: none(),
    database: none(),
    texts: none(),
    withoutSums: none(),
    sums: none(),
    log: none(),
  };
  const count = (file: DamagedFile, outcome: keyof DamageFigures): void => {
    figures[file][outcome] += 1;
    onCase?.(file, figures[file]);
  };
  try {
    const made = await makeFiles(scratch, seed);
    const { database, sums, databaseUnderLog, sumsUnderLog, log, contents } = made;
    const read = (file: DamagedFile, files: StoreFiles): Promise<void> =>
      readStore(scratch, files, contents).then((outcomes) => {
        for (const outcome of outcomes) count(file, outcome);
      });
    const images = made.images.map((path) => ({ path, answers: answersOf(path, seed) }));
    for (const damage of damages(INDEX_HEADER_BYTES, atRandom, headerStep)) {
      const image = images[Math.floor(random() * images.length)];
      if (image !== undefined)
        count('index', readIndex(scratch, damage(readFileSync(image.path), random), image.answers, seed));
    }
    for (const damage of damages(DATABASE_HEADER_BYTES, atRandom, headerStep))
      await read('database', { database: damage(database, random), sums });
    for (const damage of flipsInTexts(database, atRandom))
      await read('texts', { database: damage(database, random), sums });
    for (const damage of damages(DATABASE_HEADER_BYTES, atRandom, headerStep))
      await read('withoutSums', { database: damage(database, random) });
    for (const damage of damages(SUMS_HEADER_BYTES, atRandom, headerStep))
      await read('sums', { database, sums: damage(sums, random) });
    for (const damage of damages(LOG_HEADER_BYTES, atRandom, headerStep))
      await read('log', { database: databaseUnderLog, sums: sumsUnderLog, log: damage(log, random) });
    return figures;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface MadeFiles {
  readonly images: readonly string[];
  /** All of it in one file. */
  readonly database: Buffer;
  /** The same, as a killed process leaves it. */
  readonly databaseUnderLog: Buffer;
  readonly log: Buffer;
  /** Of the pages of the one and of the other. */
  readonly sums: Buffer;
  readonly sumsUnderLog: Buffer;
  /** Hashes of all that there was, after each commit; the last one is that of the whole. */
  readonly contents: readonly string[];
}

async function makeFiles(scratch: string, seed: number): Promise<MadeFiles> {
  const dataPath = join(scratch, 'data');
  const writer = await RunningWriter.start(dataPath, 1, { segmentSlots: SEGMENT_SLOTS });
  const libraryId = await writer.createLibrary(AUTO);
  const random = gaussianFrom(seed);
  const path = dataFolder.database(dataPath);
  const empty = join(scratch, 'empty.db');
  Database.open(empty, 'READ_WRITE').close();
  const contents = [await contentOf(empty), await contentOf(path)];
  const field = { name: 'year', type: 'NUMBER', description: null, filterable: true } as const;
  await writer.client.submit({
    command: {
      type: 'updateLibrary',
      library: { id: libraryId },
      at: Date.now(),
      addMetadataFields: [field],
    },
  });
  contents.push(await contentOf(path));
  for (let document = 0; document < DOCUMENTS; document++) {
    const rows = Float32Array.from({ length: ROWS * DIMENSION }, () => random());
    await writer.createDocument(libraryId, rows, DIMENSION, `${NAME}${document}`);
    contents.push(await contentOf(path));
    for (let row = 0; row < ROWS; row += ROWS / VALUES) {
      const id = `chk_${NAME}${document}-${row}`;
      await writer.client.submit({
        command: { type: 'updateChunk', id, at: Date.now(), metadata: { year: row } },
      });
      contents.push(await contentOf(path));
    }
  }
  const databaseUnderLog = readFileSync(path);
  const log = readFileSync(`${path}-wal`);
  const sumsUnderLog = readFileSync(pageSumsPath(path));
  await writer.client.openIndex(libraryId);
  await writer.stop();
  const folder = dataFolder.indexes(dataPath);
  const images = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.alcove'))
    .map((name) => join(folder, name));
  const sums = readFileSync(pageSumsPath(path));
  return { images, database: readFileSync(path), databaseUnderLog, log, sums, sumsUnderLog, contents };
}

/** What searches by words and filters read, and what signs cursors. */
const LISTS = [
  'SELECT term, doc & 0xffffffff, "offset" FROM chunk_words_instances',
  'SELECT place & 0xffffffff, words FROM chunk_lengths',
  'SELECT block, chunks, words FROM word_blocks WHERE chunks > 0',
  'SELECT c.id, v.field_key, v.value FROM chunk_values v JOIN chunks c ON c.key = v.chunk_key',
  'SELECT c.id, v.field_key FROM chunk_values v JOIN chunks c ON c.key = v.chunk_key WHERE v.field_key = 1 AND v.value > 3',
  "SELECT name, value FROM meta WHERE name <> 'revision'",
];

function addList(hash: Hash, database: Database, sql: string): void {
  for (const row of database.lists(sql)) hash.update(JSON.stringify(row));
}

/** A hash of every document, chunk and vector, read as an export reads them, and of the lists by which searches find them. */
async function contentOf(path: string): Promise<string> {
  const database = Database.open(path, 'READ_ONLY');
  try {
    const reader = new StoredLibraryReader(database);
    const hash = createHash('sha256').update(String(reader.revision()));
    for (const { node: library } of reader.libraries({ first: 10 }).edges) {
      hash.update(JSON.stringify(library));
      for await (const bytes of exportNdjson(reader, library, 'BASE64')) hash.update(bytes);
    }
    // A new database has a secret of its own.
    if (reader.revision() > 0) for (const list of LISTS) addList(hash, database, list);
    return hash.digest('hex');
  } finally {
    database.close();
  }
}

interface StoreFiles {
  readonly database: Buffer;
  readonly sums?: Buffer;
  readonly log?: Buffer;
}

async function readStore(
  scratch: string,
  { database, sums, log }: StoreFiles,
  contents: readonly string[],
): Promise<(keyof DamageFigures)[]> {
  const folder = join(scratch, 'damaged');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const path = dataFolder.database(folder);
  writeFileSync(path, database);
  if (sums !== undefined) writeFileSync(pageSumsPath(path), sums);
  if (log !== undefined) writeFileSync(`${path}-wal`, log);
  try {
    const { database: opened, remade } = openDatabase(path);
    const isRemade = remade !== undefined;
    while (isRemade && tendWords(opened, 0).outcome.written);
    opened.close();
    const found = contents.lastIndexOf(await contentOf(path));
    if (found === contents.length - 1) return [isRemade ? 'remade' : 'harmless'];
    const outcome = found < 0 ? 'wrong' : 'older';
    if (KEPT_FAULTS !== undefined)
      cpSync(folder, join(KEPT_FAULTS, `${outcome}-${Date.now()}`), { recursive: true });
    return isFoundByVerifying(path) ? [outcome] : [outcome, 'unfound'];
  } catch (error) {
    if (error instanceof AlcoveError || error instanceof DatabaseOpenError) return ['noticed'];
    if (KEPT_FAULTS !== undefined) {
      cpSync(folder, join(KEPT_FAULTS, `untyped-${Date.now()}`), { recursive: true });
      writeFileSync(join(KEPT_FAULTS, `untyped-${Date.now()}.txt`), String((error as Error).stack));
    }
    return ['untyped'];
  }
}

function isFoundByVerifying(path: string): boolean {
  const database = Database.open(path, 'BACKUP');
  try {
    return (findDamage(database) ?? database.snapshot(() => findDerivedDamage(database))) !== undefined;
  } catch {
    return true;
  } finally {
    database.close();
  }
}

function answersOf(path: string, seed: number): string {
  const { index } = openIndex(path);
  const random = gaussianFrom(seed + 1);
  const answers = Array.from({ length: QUERIES }, () => {
    const { ordinals, distances } = index.search(
      Float32Array.from({ length: DIMENSION }, () => random()),
      { k: 10 },
    );
    return [[...ordinals], [...distances]];
  });
  return JSON.stringify(answers);
}

function readIndex(scratch: string, bytes: Buffer, answers: string, seed: number): keyof DamageFigures {
  const path = join(scratch, 'damaged.alcove');
  writeFileSync(path, bytes);
  try {
    return answersOf(path, seed) === answers ? 'harmless' : 'wrong';
  } catch (error) {
    return error instanceof AlcoveError ? 'noticed' : 'untyped';
  }
}
