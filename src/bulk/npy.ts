import { MAX_DIMENSION, MAX_ORDINAL } from '../library/limits.ts';
import type { ByteStream, SourceRow } from './SourceRow.ts';
import { unreadableRows } from './unreadableRows.ts';

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** Magic and version, and then the length of the header in two bytes, or in four from version 2 on. */
const VERSION_END = MAGIC.length + 2;
/** NumPy itself reads no longer ones. */
const MAX_HEADER_BYTES = 10_000;
/** Headers are filled up so that numbers begin at a multiple of this. */
const ALIGNMENT = 64;

const EXPECTED = 'an .npy file of a matrix (n × dimension) of float32 or float64 in C order';

interface NpyHeader {
  readonly bytesPerNumber: 4 | 8;
  readonly isLittleEndian: boolean;
  readonly rows: number;
  readonly dimension: number;
}

/**
 * The rows of a matrix (n × dimension), each as `{ embedding }`; those up to `after` are passed over. No more is held than a
 * chunk of bytes and a row.
 * @throws AlcoveError UnreadableFileError for a header that is not of such a matrix, or another number of bytes than it
 *   says.
 */
export async function* readNpy(bytes: ByteStream, after: number): AsyncGenerator<readonly SourceRow[]> {
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let header: NpyHeader | undefined;
  let line = 0;
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    if (header === undefined) {
      const end = headerEnd(rest);
      if (end === undefined || rest.length < end) continue;
      header = parseHeader(rest.toString('latin1', headerStart(rest), end));
      rest = rest.subarray(end);
    }
    const { rows, dimension, bytesPerNumber } = header;
    const rowBytes = dimension * bytesPerNumber;
    const count = Math.floor(rest.length / rowBytes);
    if (line + count > rows || (line + count === rows && rest.length > count * rowBytes)) {
      throw unreadableRows('CORRUPT', `more bytes than ${rows} × ${dimension} numbers take`, EXPECTED);
    }
    const read: SourceRow[] = [];
    for (let row = 0; row < count; row++) {
      line += 1;
      if (line <= after) continue;
      const embedding = numbersOf(rest.subarray(row * rowBytes, (row + 1) * rowBytes), header);
      read.push({ line, bytes: embedding.byteLength, value: { embedding } });
    }
    rest = rest.subarray(count * rowBytes);
    if (read.length > 0) yield read;
  }
  if (header === undefined)
    throw unreadableRows('CORRUPT', `${rest.length} bytes without a header`, EXPECTED);
  if (line < header.rows) {
    throw unreadableRows('CORRUPT', `the end after ${line} rows`, `${header.rows} rows, as its header says`);
  }
}

/** Where the header begins. */
function headerStart(bytes: Buffer): number {
  return VERSION_END + (bytes[MAGIC.length] === 1 ? 2 : 4);
}

/** Where the numbers begin, or undefined while that is not known. @throws AlcoveError UnreadableFileError */
function headerEnd(bytes: Buffer): number | undefined {
  const known = Math.min(bytes.length, MAGIC.length);
  if (Buffer.compare(bytes.subarray(0, known), MAGIC.subarray(0, known)) !== 0) {
    throw unreadableRows('CORRUPT', 'bytes that do not begin as an .npy file does', EXPECTED);
  }
  if (bytes.length < VERSION_END + 4) return undefined;
  const version = bytes[MAGIC.length] as number;
  if (version < 1 || version > 3) throw unreadableRows('UNSUPPORTED', `version ${version} of .npy`, '1 to 3');
  const length = version === 1 ? bytes.readUInt16LE(VERSION_END) : bytes.readUInt32LE(VERSION_END);
  if (length > MAX_HEADER_BYTES) {
    throw unreadableRows('CORRUPT', `a header of ${length} bytes`, `at most ${MAX_HEADER_BYTES}`);
  }
  return headerStart(bytes) + length;
}

/** The header is the text of a Python dict with three keys. @throws AlcoveError UnreadableFileError */
function parseHeader(text: string): NpyHeader {
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (type === undefined || order === undefined || shape === undefined) {
    throw unreadableRows('CORRUPT', 'a header without descr, fortran_order and shape', EXPECTED);
  }
  if (!/^[<>]f[48]$/.test(type)) {
    throw unreadableRows('UNSUPPORTED', `numbers of type ${JSON.stringify(type)}`, '<f4, >f4, <f8 or >f8');
  }
  if (order === 'True') {
    throw unreadableRows('UNSUPPORTED', 'Fortran order', 'C order: numpy.ascontiguousarray makes it');
  }
  const sides = shape
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '');
  const [rows = Number.NaN, dimension = Number.NaN] = sides.map((side) =>
    /^\d+$/.test(side) ? Number(side) : NaN,
  );
  const isMatrix = sides.length === 2 && rows <= MAX_ORDINAL && dimension >= 1 && dimension <= MAX_DIMENSION;
  if (!isMatrix) {
    const expected = `(n, dimension), n up to ${MAX_ORDINAL} and dimension from 1 to ${MAX_DIMENSION}`;
    throw unreadableRows('UNSUPPORTED', `the shape (${shape.slice(0, 80)})`, expected);
  }
  return {
    bytesPerNumber: type.endsWith('4') ? 4 : 8,
    isLittleEndian: type.startsWith('<'),
    rows,
    dimension,
  };
}

/** A row as float32, in memory of its own. */
function numbersOf(row: Buffer, { bytesPerNumber, isLittleEndian }: NpyHeader): Float32Array {
  const own = new Uint8Array(row);
  const bytes = Buffer.from(own.buffer);
  if (!isLittleEndian) bytesPerNumber === 4 ? bytes.swap32() : bytes.swap64();
  return bytesPerNumber === 4 ? new Float32Array(own.buffer) : new Float32Array(new Float64Array(own.buffer));
}

/** What stands before the numbers (little-endian float32, row after row) of a matrix `rows × dimension`. */
export function npyHeader(rows: number, dimension: number): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimension}), }`;
  const start = VERSION_END + 2;
  const length = Math.ceil((start + dict.length + 1) / ALIGNMENT) * ALIGNMENT - start;
  const header = Buffer.alloc(start + length, 0x20);
  MAGIC.copy(header);
  header[MAGIC.length] = 1;
  header[MAGIC.length + 1] = 0;
  header.writeUInt16LE(length, VERSION_END);
  header.write(dict, start, 'latin1');
  header[start + length - 1] = 0x0a;
  return header;
}
