import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportNdjson } from '../../src/bulk/exportRows.ts';
import { AlcoveError } from '../../src/errors.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { Database, DatabaseOpenError } from '../../src/store/Database.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { gaussianFrom, randomFrom } from '../indexes/data.ts';
import { AUTO, RunningWriter } from '../writer/RunningWriter.ts';

const DIMENSION = 24;
const DOCUMENTS = 12;
const ROWS = 60;
/** Small enough for an index of several segments. */
const SEGMENT_SLOTS = 300;
/** What an index file's fields take of its header, and SQLite's header. */
const INDEX_HEADER_BYTES = 136;
const DATABASE_HEADER_BYTES = 100;
const LOG_HEADER_BYTES = 32;
const QUERIES = 5;
/** What every text, title and id of a chunk has in it. */
const NAME = 'some-words-of-document-';

/** What became of so many damaged files. */
export interface DamageFigures {
  /** Cut or changed, and noticed: refused, or an error where it was read. */
  noticed: number;
  /** Noticed, but by an error that does not say that the file is damaged. */
  untyped: number;
  /** Everything was read, and was what it had been. */
  harmless: number;
  /** Whole, but as of an earlier commit. */
  older: number;
  /** An answer that was never right. */
  wrong: number;
}

const none = (): DamageFigures => ({ noticed: 0, untyped: 0, harmless: 0, older: 0, wrong: 0 });

/** What is damaged: a kind of file, or the places in the database where texts, titles and ids stand. */
export type DamagedFile = 'index' | 'database' | 'texts' | 'log';

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
  const figures = { index: none(), database: none(), texts: none(), log: none() };
  const count = (file: DamagedFile, outcome: keyof DamageFigures): void => {
    figures[file][outcome] += 1;
    onCase?.(file, figures[file]);
  };
  try {
    const made = await makeFiles(scratch, seed);
    const images = made.images.map((path) => ({ path, answers: answersOf(path, seed) }));
    for (const damage of damages(INDEX_HEADER_BYTES, atRandom, headerStep)) {
      const image = images[Math.floor(random() * images.length)];
      if (image !== undefined)
        count('index', readIndex(scratch, damage(readFileSync(image.path), random), image.answers, seed));
    }
    for (const damage of damages(DATABASE_HEADER_BYTES, atRandom, headerStep))
      count('database', await readStore(scratch, damage(made.database, random), undefined, made.contents));
    for (const damage of flipsInTexts(made.database, atRandom))
      count('texts', await readStore(scratch, damage(made.database, random), undefined, made.contents));
    for (const damage of damages(LOG_HEADER_BYTES, atRandom, headerStep))
      count('log', await readStore(scratch, made.databaseUnderLog, damage(made.log, random), made.contents));
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
  for (let document = 0; document < DOCUMENTS; document++) {
    const rows = Float32Array.from({ length: ROWS * DIMENSION }, () => random());
    await writer.createDocument(libraryId, rows, DIMENSION, `${NAME}${document}`);
    contents.push(await contentOf(path));
  }
  const databaseUnderLog = readFileSync(path);
  const log = readFileSync(`${path}-wal`);
  await writer.client.openIndex(libraryId);
  await writer.stop();
  const folder = dataFolder.indexes(dataPath);
  const images = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.alcove'))
    .map((name) => join(folder, name));
  return { images, database: readFileSync(path), databaseUnderLog, log, contents };
}

/** A hash of every document, chunk and vector, read as an export reads them. */
async function contentOf(path: string): Promise<string> {
  const database = Database.open(path, 'READ_ONLY');
  try {
    const reader = new StoredLibraryReader(database);
    const hash = createHash('sha256').update(String(reader.revision()));
    for (const { node: library } of reader.libraries({ first: 10 }).edges) {
      hash.update(JSON.stringify(library));
      for await (const bytes of exportNdjson(reader, library, 'BASE64')) hash.update(bytes);
    }
    return hash.digest('hex');
  } finally {
    database.close();
  }
}

async function readStore(
  scratch: string,
  database: Buffer,
  log: Buffer | undefined,
  contents: readonly string[],
): Promise<keyof DamageFigures> {
  const folder = join(scratch, 'damaged');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const path = dataFolder.database(folder);
  writeFileSync(path, database);
  if (log !== undefined) writeFileSync(`${path}-wal`, log);
  try {
    Database.open(path, 'READ_WRITE').close();
    const found = contents.lastIndexOf(await contentOf(path));
    if (found === contents.length - 1) return 'harmless';
    return found < 0 ? 'wrong' : 'older';
  } catch (error) {
    return error instanceof AlcoveError || error instanceof DatabaseOpenError ? 'noticed' : 'untyped';
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
