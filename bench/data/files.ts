import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { extname } from 'node:path';

/** Vectors, or lists of neighbours, out of a file: `count × dimension`. */
export interface Matrix<T extends Float32Array | Uint32Array = Float32Array> {
  readonly count: number;
  readonly dimension: number;
  readonly values: T;
}

/** Bytes of a component in the formats of the TEXMEX collection, in which each row begins with its dimension (int32). */
const COMPONENT_BYTES: Readonly<Record<string, number>> = { '.fvecs': 4, '.ivecs': 4, '.bvecs': 1 };

/** Bytes read at a time: files may be larger than what one read returns. */
const CHUNK_BYTES = 1 << 28;

function fail(path: string, got: string, expected: string): never {
  throw new Error(`${path}: got ${got}, expected ${expected}`);
}

/** The file's bytes in a buffer of their own, aligned for any typed array. */
function bytesOf(path: string, limit = Number.POSITIVE_INFINITY): ArrayBuffer {
  const length = Math.min(statSync(path).size, limit);
  const bytes = new Uint8Array(length);
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < length; ) {
      const read = readSync(file, bytes, at, Math.min(CHUNK_BYTES, length - at), at);
      if (read === 0) fail(path, `${at} bytes`, `${length}`);
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return bytes.buffer;
}

/**
 * Reads vectors from .fvecs, .bvecs (http://corpus-texmex.irisa.fr) or .npy (float32, two-dimensional, in C order).
 * `most`: rows to read at most.
 */
export function readVectors(path: string, most = Number.POSITIVE_INFINITY): Matrix {
  if (extname(path) === '.npy') return readNpy(path, most);
  const { count, dimension, rowBytes, buffer } = readTexmex(path, ['.fvecs', '.bvecs'], most);
  const values = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const at = row * rowBytes + 4;
    const components =
      extname(path) === '.bvecs'
        ? new Uint8Array(buffer, at, dimension)
        : new Float32Array(buffer, at, dimension);
    values.set(components, row * dimension);
  }
  return { count, dimension, values };
}

/** Reads lists of neighbours from .ivecs. */
export function readNeighbours(path: string, most = Number.POSITIVE_INFINITY): Matrix<Uint32Array> {
  const { count, dimension, rowBytes, buffer } = readTexmex(path, ['.ivecs'], most);
  const values = new Uint32Array(count * dimension);
  for (let row = 0; row < count; row++)
    values.set(new Uint32Array(buffer, row * rowBytes + 4, dimension), row * dimension);
  return { count, dimension, values };
}

function readTexmex(path: string, extensions: readonly string[], most: number) {
  const extension = extname(path);
  if (!extensions.includes(extension))
    fail(path, extension || 'no extension', `.npy or ${extensions.join(', ')}`);
  if (statSync(path).size < 4) fail(path, 'an empty file', 'at least one row');
  const dimension = new Int32Array(bytesOf(path, 4))[0] as number;
  if (dimension < 1 || dimension > 65_536) fail(path, `dimension ${dimension}`, '1 to 65536');
  const rowBytes = 4 + dimension * (COMPONENT_BYTES[extension] as number);
  const rows = statSync(path).size / rowBytes;
  if (!Number.isInteger(rows)) fail(path, `${statSync(path).size} bytes`, `a multiple of ${rowBytes}`);
  const count = Math.min(rows, most);
  const buffer = bytesOf(path, count * rowBytes);
  const view = new DataView(buffer);
  for (let row = 0; row < count; row++) {
    const got = view.getInt32(row * rowBytes, true);
    if (got !== dimension) fail(path, `dimension ${got} in row ${row}`, String(dimension));
  }
  return { count, dimension, rowBytes, buffer };
}

/** NumPy's format, versions 1 to 3: magic, version, the header's length, a Python literal, the data. */
function readNpy(path: string, most: number): Matrix {
  const magic = Buffer.from(bytesOf(path, 12));
  if (magic.subarray(0, 6).toString('latin1') !== '\x93NUMPY') fail(path, 'another beginning', '\\x93NUMPY');
  const isFirst = magic[6] === 1;
  const dataAt = isFirst ? 10 + magic.readUInt16LE(8) : 12 + magic.readUInt32LE(8);
  const header = Buffer.from(bytesOf(path, dataAt)).toString('latin1');
  const kind = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  if (kind !== '<f4') fail(path, `descr ${kind}`, "'<f4' (float32)");
  if (!/'fortran_order':\s*False/.test(header)) fail(path, 'fortran_order True', 'False');
  const shape = /'shape':\s*\((\d+),\s*(\d+)\)/.exec(header);
  if (shape === null) fail(path, 'another shape', 'two dimensions');
  const dimension = Number(shape[2]);
  const count = Math.min(Number(shape[1]), most);
  const needed = dataAt + Number(shape[1]) * dimension * 4;
  if (statSync(path).size !== needed) fail(path, `${statSync(path).size} bytes`, String(needed));
  const values = new Float32Array(bytesOf(path, dataAt + count * dimension * 4).slice(dataAt));
  return { count, dimension, values };
}
