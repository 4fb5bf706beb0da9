import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  snappyUncompress,
} from 'hyparquet';
import { AlcoveError } from '../errors.ts';
import type { ParquetRow } from './parquetMessages.ts';
import { unreadableRows } from './unreadableRows.ts';

/** Rows that are given out at a time. */
const ROWS_AT_ONCE = 500;
/** A row group is read as a whole: what one may have of numbers and other values, and take when unpacked. */
const MAX_GROUP_VALUES = 33_554_432;
const MAX_GROUP_BYTES = 536_870_912;
const MAX_PAGE_BYTES = 268_435_456;
/** What pandas adds of its own. */
const INDEX_COLUMN = /^__index_level_\d+__$/;

/**
 * The rows of a Parquet file, those up to `after` passed over; one row group is in memory at a time.
 * @throws AlcoveError UnreadableFileError for what is no Parquet file or is damaged; CapacityExceededError for a row
 *   group that is too large.
 */
export async function* readParquetRows(file: AsyncBuffer, after: number): AsyncGenerator<ParquetRow[]> {
  const metadata = await checked(() => parquetMetadataAsync(file, { geoparquet: false }));
  const columns = await checked(async () =>
    parquetSchema(metadata)
      .children.map(({ element }) => element.name)
      .filter((name) => !INDEX_COLUMN.test(name)),
  );
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    if (!Number.isSafeInteger(count) || count < 0) {
      throw unreadableRows('CORRUPT', `a row group of ${group.num_rows} rows`, 'none or more');
    }
    const rowEnd = rowStart + count;
    if (rowEnd > after && count > 0) {
      checkGroup(group, file.byteLength);
      const rows = await checked(() =>
        parquetReadObjects({
          file,
          metadata,
          columns,
          rowStart,
          rowEnd,
          compressors: COMPRESSORS,
          geoparquet: false,
        }),
      );
      if (rows.length !== count) {
        throw unreadableRows('CORRUPT', `${rows.length} rows in a row group`, `${count}, as the file says`);
      }
      for (let from = Math.max(0, after - rowStart); from < count; from += ROWS_AT_ONCE) {
        const some = rows.slice(from, from + ROWS_AT_ONCE);
        yield some.map((row, index) => toRow(row, rowStart + from + index + 1));
      }
    }
    rowStart = rowEnd;
  }
}

type RowGroup = FileMetaData['row_groups'][number];

function checkGroup({ columns, num_rows: rows }: RowGroup, fileBytes: number): void {
  let bytes = 0;
  for (const { meta_data: column } of columns) {
    if (column === undefined)
      throw unreadableRows('CORRUPT', 'a column without its metadata', 'every column with it');
    const values = Number(column.num_values);
    const stored = Number(column.total_compressed_size);
    if (!(values >= 0) || !(stored >= 0) || stored > fileBytes) {
      throw unreadableRows(
        'CORRUPT',
        `a column of ${values} values in ${stored} bytes`,
        'what the file can hold',
      );
    }
    if (values > MAX_GROUP_VALUES)
      throw tooLarge(`${values} values in a column`, `${MAX_GROUP_VALUES}`, rows);
    bytes += Number(column.total_uncompressed_size);
  }
  if (bytes > MAX_GROUP_BYTES) throw tooLarge(`${bytes} bytes`, `${MAX_GROUP_BYTES}`, rows);
}

function tooLarge(got: string, expected: string, rows: bigint): AlcoveError {
  return new AlcoveError(
    'CapacityExceededError',
    `A row group of ${rows} rows has ${got}; at most ${expected} are read. Write the file with smaller row groups ` +
      '(row_group_size=10_000 with pandas or PyArrow).',
    { detail: { got, expected } },
  );
}

/** Unpacks a page, to no more than its header says, which is no more than a page may have. */
const unpack =
  (inflate: (input: Uint8Array, length: number) => Uint8Array) =>
  (input: Uint8Array, length: number): Uint8Array => {
    if (!(length >= 0 && length <= MAX_PAGE_BYTES)) throw new Error(`a page of ${length} bytes`);
    return inflate(input, length);
  };

const COMPRESSORS = {
  SNAPPY: unpack((input, length) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  }),
  GZIP: unpack((input, length) => gunzipSync(input, { maxOutputLength: length + 1 })),
  BROTLI: unpack((input, length) => brotliDecompressSync(input, { maxOutputLength: length + 1 })),
  ZSTD: unpack((input, length) => zstdDecompressSync(input, { maxOutputLength: length + 1 })),
};

/** Whatever a damaged file makes its reader throw is the file's fault. */
async function checked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const got = `what cannot be read (${(error as Error).message.slice(0, 160)})`;
    throw unreadableRows('CORRUPT', got, 'a whole Parquet file');
  }
}

function toRow(row: Readonly<Record<string, unknown>>, line: number): ParquetRow {
  const { embedding, ...others } = row;
  const vector = packed(embedding);
  const value = Object.fromEntries(Object.entries(others).map(([key, each]) => [key, plain(each)]));
  const bytes = sizeOf(vector) + Object.values(value).reduce<number>((sum, each) => sum + sizeOf(each), 0);
  return { line, bytes, value: vector == null ? value : { ...value, embedding: vector } };
}

/** A list of numbers as float32; anything else is left for its reader to refuse. */
function packed(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  return value.every((item) => typeof item === 'number') ? Float32Array.from(value) : value;
}

/** As JSON would have it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  }
  return value;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Float32Array ? value.byteLength : 0;
}
