import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { rowsPath, storedRowBytes } from '../../src/indexes/RowFile.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { IndexParameters } from '../../src/indexes/VectorIndex.ts';
import { clustered, ordinalsFrom } from './data.ts';
import { holding, KINDS, METRICS } from './reference.ts';

const DIMENSION = 141;
const COUNT = 1_500;
/** A row in a file: multiples of 16 bytes, and a checksum. */
const STORED_BYTES = storedRowBytes(576);
const ORIGIN = { session: '6b8e1c1e-5f0a-4bb8-9d6b-0f1d6a3c9a10', revision: 4, libraryKey: 1 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const all = clustered({ count: COUNT + 20, dimension: DIMENSION, seed: 5, clusters: 12, spread: 2 });
const vectors = all.subarray(0, COUNT * DIMENSION);
const queries = Array.from({ length: 20 }, (_, i) =>
  all.slice((COUNT + i) * DIMENSION, (COUNT + i + 1) * DIMENSION),
);

function filled(parameters: IndexParameters, path: string): SegmentIndex {
  const index = createIndex(parameters, path);
  index.append(ordinalsFrom(1, COUNT - 100), vectors.subarray(0, (COUNT - 100) * DIMENSION));
  for (const _done of index.build());
  index.insert(ordinalsFrom(COUNT - 99, 100), vectors.subarray((COUNT - 100) * DIMENSION));
  index.remove(ordinalsFrom(40, 30));
  return index;
}

function expectAlike(onDisk: SegmentIndex, inMemory: SegmentIndex): void {
  const some = ordinalsFrom(1, COUNT).filter((ordinal) => ordinal % 7 === 0);
  for (const query of queries) {
    for (const options of [
      { k: 10 },
      { k: 10, exact: true },
      { k: 5, effort: 200 },
      { k: 300, exact: true },
    ]) {
      expect(onDisk.search(query, options)).toEqual(inMemory.search(query, options));
      const allowed = holding(inMemory, some);
      expect(onDisk.search(query, { ...options, allowed })).toEqual(
        inMemory.search(query, { ...options, allowed }),
      );
    }
  }
  expect(onDisk.ordinals()).toEqual(inMemory.ordinals());
  expect(onDisk.vector(9)).toEqual(vectors.slice(8 * DIMENSION, 9 * DIMENSION));
  expect(onDisk.vector(41)).toBeUndefined();
}

const cases = KINDS.filter(({ type }) => type !== 'KD_TREE').flatMap((kind) =>
  METRICS.map((metric) => ({ ...kind, metric })),
);

describe.each(cases)('$name with $metric and its vectors on disk', ({ name, type, codes, metric }) => {
  const parameters = { type, codes, metric, dimension: DIMENSION, seed: 3, expected: COUNT - 100 };

  it('finds the very same as one that has them in memory, also from another thread’s view and after reopening', () => {
    const path = join(folder, `${name}-${metric}.alcove`);
    const inMemory = filled(parameters, `${path}-in-memory`);
    const onDisk = filled({ ...parameters, vectors: 'ON_DISK' }, path);
    expectAlike(onDisk, inMemory);
    const attached = attachIndex(onDisk.share());
    expectAlike(attached, inMemory);
    expect(onDisk.stats().bytes).toBeLessThan(inMemory.stats().bytes - COUNT * DIMENSION * 4 * 0.9);

    onDisk.save(path, ORIGIN);
    onDisk.insert(ordinalsFrom(COUNT + 1, 1), queries[0] ?? new Float32Array(DIMENSION));
    attached.detach();
    onDisk.detach();
    const { index, origin } = openIndex(path);
    expect(origin).toEqual(ORIGIN);
    expectAlike(index, inMemory);
    // What came after the save is gone from both files, and its place is taken by what comes next.
    index.insert(ordinalsFrom(COUNT + 1, 1), queries[1] ?? new Float32Array(DIMENSION));
    expect(index.vector(COUNT + 1)).toEqual(queries[1]);
    index.detach();
  });
});

it.each(['SCALAR', 'BINARY'] as const)(
  'a vector that was damaged on disk is never compared, by %s codes either',
  (codes) => {
    const path = join(folder, 'damaged.alcove');
    const index = filled(
      { type: 'HNSW', codes, metric: 'COSINE', dimension: DIMENSION, seed: 3, vectors: 'ON_DISK' },
      path,
    );
    const bytes = readFileSync(rowsPath(path));
    for (let at = 100; at < bytes.length; at += STORED_BYTES) bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(rowsPath(path), bytes);
    expect(() => index.search(queries[0] ?? new Float32Array(DIMENSION), { k: 10 })).toThrow(
      /damaged\.alcove\.rows: row \d+: got \d+, expected checksum/,
    );
  },
);

it('a file of vectors that is too short, or missing, is found when the index is opened', () => {
  const path = join(folder, 'short.alcove');
  const index = filled(
    { type: 'FLAT', metric: 'DOT', dimension: DIMENSION, seed: 3, vectors: 'ON_DISK' },
    path,
  );
  index.save(path, ORIGIN);
  index.detach();
  const { size } = statSync(rowsPath(path));
  writeFileSync(rowsPath(path), readFileSync(rowsPath(path)).subarray(0, size - 1));
  expect(() => openIndex(path)).toThrow(/short\.alcove\.rows: length: got/);
  rmSync(rowsPath(path));
  expect(() => openIndex(path)).toThrow(/short\.alcove\.rows: file: got none/);
});

it('an image whose vectors are checked as they once were, without their slots, is not opened', () => {
  const path = join(folder, 'older.alcove');
  const index = filled(
    { type: 'FLAT', metric: 'DOT', dimension: DIMENSION, seed: 3, vectors: 'ON_DISK' },
    path,
  );
  index.save(path, ORIGIN);
  index.detach();
  const image = readFileSync(path);
  image.writeUInt32LE(0, 136);
  image.writeUInt32LE(0, 124);
  image.writeUInt32LE(crc32(image.subarray(0, 4_096)), 124);
  writeFileSync(path, image);
  expect(() => openIndex(path)).toThrow(/older\.alcove: rowsVersion: got 0, expected 1/);
});

const SAVING = join(import.meta.dirname, 'savingProcess.ts');
const KILL_BEFORE = pathToFileURL(join(import.meta.dirname, '../cli/killBefore.mjs')).href;

it('a process killed when new vectors are in their file, and the image is not in its place, leaves the index as it was before', () => {
  const path = join(folder, 'killed.alcove');
  // What is there of another index goes first; then each image takes its place.
  const { signal } = spawnSync(process.execPath, [SAVING, 'save', path, '100'], {
    env: { ...process.env, NODE_OPTIONS: `--import=${KILL_BEFORE}`, KILL_BEFORE: '3' },
  });
  expect(signal).toBe('SIGKILL');
  expect(statSync(rowsPath(path)).size).toBe(200 * (64 * 4 + 16));
  using index = openIndex(path).index;
  expect(index.ordinals()).toEqual(ordinalsFrom(1, 100));
  const rows = [0, 2].map((seed) => clustered({ count: 100, dimension: 64, seed }));
  index.insert(ordinalsFrom(101, 100), rows[1] ?? new Float32Array());
  for (const [half, some] of rows.entries()) {
    for (let row = 0; row < 100; row++) {
      const vector = some.slice(row * 64, (row + 1) * 64);
      expect(index.vector(1 + half * 100 + row)).toEqual(vector);
      expect(index.search(vector, { k: 1 }).ordinals[0]).toBe(1 + half * 100 + row);
    }
  }
});

it('a file of vectors that may grow no further refuses those beyond, and the others are found', () => {
  const path = join(folder, 'limited.alcove');
  const limited = `ulimit -f 64 && exec "$0" "$@"`;
  const { stdout } = spawnSync('bash', ['-c', limited, process.execPath, SAVING, 'fill', path, '50'], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual({ kind: 'CapacityExceededError', slots: 200, found: 200 });
});

it('few dimensions have no codes to keep in memory instead', () => {
  const parameters = { type: 'HNSW', metric: 'DOT', dimension: 32, seed: 1, vectors: 'ON_DISK' } as const;
  expect(() => createIndex(parameters, join(folder, 'few.alcove'))).toThrow(/expected more than 32/);
});
