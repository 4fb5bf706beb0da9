import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RowFile, storedRowBytes } from '../../src/indexes/RowFile.ts';

const DIMENSION = 5;
const ROW_BYTES = 32;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Row i is i, i + 0.1, …; */
const rows = (from: number, count: number): Float32Array =>
  Float32Array.from(
    { length: count * DIMENSION },
    (_, i) => from + Math.floor(i / DIMENSION) + (i % DIMENSION) / 10,
  );

/** A row as it is in memory: padded with zeros. */
function rowIn(file: RowFile, slot: number): number[] {
  const bytes = new Uint8Array(new SharedArrayBuffer(storedRowBytes(ROW_BYTES)));
  file.read(slot, bytes);
  return [...new Float32Array(bytes.buffer, 0, ROW_BYTES / 4)];
}
const padded = (row: number): number[] => [...rows(row, 1), 0, 0, 0];

it('a thread reads what another has appended, in any order', () => {
  const path = join(folder, 'rows');
  using file = RowFile.create(path, ROW_BYTES);
  file.append(0, rows(0, 3), DIMENSION);
  using reader = RowFile.attach(path, ROW_BYTES);
  file.append(3, rows(3, 40), DIMENSION);
  file.sync();
  for (const slot of [42, 0, 7]) expect(rowIn(reader, slot)).toEqual(padded(slot));
});

it('opening cuts off what came after the rows that are known, and refuses too few', () => {
  const path = join(folder, 'cut');
  RowFile.create(path, ROW_BYTES).append(0, rows(0, 5), DIMENSION);
  appendFileSync(path, 'half a row');
  using file = RowFile.open(path, ROW_BYTES, 4);
  expect(statSync(path).size).toBe(4 * storedRowBytes(ROW_BYTES));
  file.append(4, rows(9, 1), DIMENSION);
  expect(rowIn(file, 4)).toEqual(padded(9));
  truncateSync(path, 2 * storedRowBytes(ROW_BYTES) + 1);
  expect(() => RowFile.open(path, ROW_BYTES, 3)).toThrow(/cut: length: got 97, expected at least 144/);
});

it('every flipped bit of a row is noticed when it is read', () => {
  const path = join(folder, 'flipped');
  RowFile.create(path, ROW_BYTES).append(0, rows(0, 2), DIMENSION);
  const sound = readFileSync(path);
  for (let bit = 0; bit < (ROW_BYTES + 4) * 8; bit++) {
    const flipped = Buffer.from(sound);
    const at = storedRowBytes(ROW_BYTES) + (bit >> 3);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, flipped);
    using file = RowFile.attach(path, ROW_BYTES);
    expect(() => rowIn(file, 1)).toThrow(/row 1/);
    expect(rowIn(file, 0)).toEqual(padded(0));
  }
  using file = RowFile.attach(path, ROW_BYTES);
  expect(() => rowIn(file, 2)).toThrow(/row 2: got 0, expected 48 bytes/);
});

it('rows that have changed places in their file are noticed', () => {
  const path = join(folder, 'swapped');
  RowFile.create(path, ROW_BYTES).append(0, rows(0, 5), DIMENSION);
  const sound = readFileSync(path);
  const stored = storedRowBytes(ROW_BYTES);
  const swapped = Buffer.from(sound);
  sound.copy(swapped, stored, 3 * stored, 4 * stored);
  sound.copy(swapped, 3 * stored, stored, 2 * stored);
  writeFileSync(path, swapped);
  using file = RowFile.attach(path, ROW_BYTES);
  for (const slot of [1, 3]) expect(() => rowIn(file, slot)).toThrow(`row ${slot}`);
  for (const slot of [0, 2, 4]) expect(rowIn(file, slot)).toEqual(padded(slot));
});
