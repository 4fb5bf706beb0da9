import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNeighbours, readVectors } from '../../bench/data/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'alcove-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = [
  [1, 2.5, -3],
  [0, 255, 7],
];

/** Rows that each begin with their dimension, as the TEXMEX formats have them. */
function texmex(rows: readonly (readonly number[])[], write: (row: readonly number[]) => Buffer): Buffer {
  return Buffer.concat(
    rows.flatMap((row) => {
      const head = Buffer.alloc(4);
      head.writeInt32LE(row.length);
      return [head, write(row)];
    }),
  );
}

const floats = (row: readonly number[]) => Buffer.from(Float32Array.from(row).buffer);
const words = (row: readonly number[]) => Buffer.from(Uint32Array.from(row).buffer);

/** As numpy.save writes it; the header is padded to a multiple of 64. */
function npy(
  version: 1 | 2,
  { descr = '<f4', order = 'False', shape = '(2, 3)' } = {},
  data = floats(ROWS.flat()),
): Buffer {
  const literal = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const fixed = version === 1 ? 10 : 12;
  const header = `${literal.padEnd(128 - fixed - 1)}\n`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header),
    data,
  ]);
}

function file(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('files of vectors', () => {
  it.each([
    ['a.fvecs', texmex(ROWS, floats), ROWS],
    [
      'a.bvecs',
      texmex(
        [
          [1, 2, 3],
          [0, 255, 7],
        ],
        (row) => Buffer.from(row),
      ),
      [
        [1, 2, 3],
        [0, 255, 7],
      ],
    ],
    ['a.npy', npy(1), ROWS],
    ['b.npy', npy(2), ROWS],
  ] as const)('%s is read row by row', (name, content, rows) => {
    const path = file(name, content);
    expect(readVectors(path)).toEqual({ count: 2, dimension: 3, values: Float32Array.from(rows.flat()) });
    expect(readVectors(path, 1)).toEqual({
      count: 1,
      dimension: 3,
      values: Float32Array.from(rows[0] as readonly number[]),
    });
  });

  it('.ivecs holds lists of neighbours', () => {
    const path = file(
      'a.ivecs',
      texmex(
        [
          [5, 4],
          [3, 4_000_000_000],
        ],
        words,
      ),
    );
    expect(readNeighbours(path)).toEqual({
      count: 2,
      dimension: 2,
      values: Uint32Array.of(5, 4, 3, 4_000_000_000),
    });
  });

  it.each([
    ['cut.fvecs', texmex(ROWS, floats).subarray(0, 30), /30 bytes, expected a multiple of 16/],
    [
      'mixed.fvecs',
      Buffer.concat([texmex(ROWS, floats), Buffer.alloc(16)]),
      /dimension 0 in row 2, expected 3/,
    ],
    ['empty.fvecs', Buffer.alloc(0), /an empty file/],
    ['large.fvecs', Buffer.alloc(16, 0x7f), /expected 1 to 65536/],
    ['doubles.npy', npy(1, { descr: '<f8' }), /descr <f8, expected '<f4'/],
    ['columns.npy', npy(1, { order: 'True' }), /fortran_order True/],
    ['flat.npy', npy(1, { shape: '(6,)' }), /expected two dimensions/],
    ['short.npy', npy(1, {}, Buffer.alloc(20)), /148 bytes, expected 152/],
    ['other.npy', Buffer.alloc(200), /expected \\x93NUMPY/],
    ['vectors.csv', Buffer.from('1,2,3'), /got .csv, expected .npy or .fvecs, .bvecs/],
  ])('%s is refused with what is wrong about it', (name, content, message) => {
    expect(() => readVectors(file(name, content))).toThrow(message);
  });
});
