import { crc32 } from 'node:zlib';
import { AlcoveError } from '../errors.ts';
import {
  CENTRED_AT,
  COUNT_AT,
  ENTRY_AT,
  HEADER_BYTES,
  LARGEST_AT,
  LIVE_AT,
  MEAN_AT,
  SETTLED_AT,
  TABLED_AT,
  TWINS_AT,
} from '../kernel/assembly/offsets.ts';
import { imageBytes, type Layout, layoutOf, TABLED_STEP } from './layout.ts';
import { CODE_KINDS, INDEX_TYPES, METRICS, VECTOR_PLACES } from './parameters.ts';
import { ROWS_VERSION } from './RowFile.ts';
import type { SegmentState } from './segment.ts';
import type { ImageOrigin } from './VectorIndex.ts';

/** "ALCVIDX1", read as two little-endian words. */
const MAGIC = [0x56434c41, 0x31584449] as const;
const FORMAT_VERSION = 3;

/** Byte offsets of the fields; the ones that live in memory, too, are in kernel/assembly/offsets.ts. */
const MAGIC_AT = 0;
const VERSION_AT = 8;
const HEADER_BYTES_AT = 12;
const TYPE_AT = 16;
const METRIC_AT = 20;
const DIMENSION_AT = 24;
const SEED_AT = 28;
const M_AT = 32;
const EF_CONSTRUCTION_AT = 36;
const EXPECTED_AT = 40;
const VECTORS_AT = 60;
const REVISION_AT = 80;
const IMAGE_BYTES_AT = 88;
const LIBRARY_KEY_AT = 96;
const SESSION_AT = 104;
const SESSION_BYTES = 16;
const IMAGE_CRC_AT = 120;
/** After MEAN_AT. Older files have 0 here, which is SCALAR. */
const CODES_AT = 132;
/** See ROWS_VERSION; 0 where there is no file of rows. */
const ROWS_VERSION_AT = 136;
/** Covers the whole header, with these four bytes as zero. */
const HEADER_CRC_AT = 124;

/** What a file's first page says about the rest. */
export interface ImageHeader extends SegmentState {
  readonly layout: Layout;
  readonly origin: ImageOrigin;
  readonly imageCrc: number;
}

export function encodeHeader(header: ImageHeader): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const { layout, origin } = header;
  const { parameters } = layout;
  bytes.writeUInt32LE(MAGIC[0], MAGIC_AT);
  bytes.writeUInt32LE(MAGIC[1], MAGIC_AT + 4);
  bytes.writeUInt32LE(FORMAT_VERSION, VERSION_AT);
  bytes.writeUInt32LE(HEADER_BYTES, HEADER_BYTES_AT);
  bytes.writeUInt32LE(INDEX_TYPES.indexOf(parameters.type), TYPE_AT);
  bytes.writeUInt32LE(METRICS.indexOf(parameters.metric), METRIC_AT);
  bytes.writeUInt32LE(parameters.dimension, DIMENSION_AT);
  bytes.writeUInt32LE(parameters.seed, SEED_AT);
  bytes.writeUInt32LE(parameters.m, M_AT);
  bytes.writeUInt32LE(parameters.efConstruction, EF_CONSTRUCTION_AT);
  bytes.writeUInt32LE(parameters.expected, EXPECTED_AT);
  bytes.writeUInt32LE(VECTOR_PLACES.indexOf(parameters.vectors), VECTORS_AT);
  bytes.writeUInt32LE(CODE_KINDS.indexOf(parameters.codes), CODES_AT);
  bytes.writeUInt32LE(parameters.vectors === 'ON_DISK' ? ROWS_VERSION : 0, ROWS_VERSION_AT);
  bytes.writeUInt32LE(header.tabled, TABLED_AT);
  bytes.writeUInt32LE(header.settled, SETTLED_AT);
  bytes.writeUInt32LE(header.twins, TWINS_AT);
  bytes.writeUInt32LE(header.centred, CENTRED_AT);
  bytes.writeUInt32LE(header.count, COUNT_AT);
  bytes.writeUInt32LE(header.live, LIVE_AT);
  bytes.writeUInt32LE(header.entry, ENTRY_AT);
  bytes.writeFloatLE(header.largest, LARGEST_AT);
  bytes.writeFloatLE(header.mean, MEAN_AT);
  bytes.writeDoubleLE(origin.revision, REVISION_AT);
  bytes.writeDoubleLE(imageBytes(header.layout, header.count), IMAGE_BYTES_AT);
  bytes.writeDoubleLE(origin.libraryKey, LIBRARY_KEY_AT);
  bytes.write(origin.session.replaceAll('-', ''), SESSION_AT, SESSION_BYTES, 'hex');
  bytes.writeUInt32LE(header.imageCrc, IMAGE_CRC_AT);
  bytes.writeUInt32LE(crc32(bytes), HEADER_CRC_AT);
  return bytes;
}

/** @throws AlcoveError DamagedError that says what was got and expected, unless `ok`. */
export function expectIntact(
  ok: boolean,
  path: string,
  field: string,
  got: number | string,
  expected: number | string,
): asserts ok {
  if (ok) return;
  throw new AlcoveError('DamagedError', `${path}: ${field}: got ${got}, expected ${expected}`, {
    detail: { file: path, field, got, expected },
  });
}

/**
 * Checks the first page of a file of `fileBytes` bytes, field by field.
 * @throws AlcoveError DamagedError
 */
export function decodeHeader(bytes: Buffer, fileBytes: number, path: string): ImageHeader {
  const expect = (ok: boolean, field: string, got: number | string, expected: number | string): void =>
    expectIntact(ok, path, field, got, expected);
  const exactly = (field: string, got: number, expected: number): void =>
    expect(got === expected, field, got, expected);

  expect(bytes.length === HEADER_BYTES, 'length', fileBytes, `at least ${HEADER_BYTES}`);
  exactly('magic', bytes.readUInt32LE(MAGIC_AT), MAGIC[0]);
  exactly('magic', bytes.readUInt32LE(MAGIC_AT + 4), MAGIC[1]);
  exactly('version', bytes.readUInt32LE(VERSION_AT), FORMAT_VERSION);
  exactly('headerBytes', bytes.readUInt32LE(HEADER_BYTES_AT), HEADER_BYTES);
  const storedCrc = bytes.readUInt32LE(HEADER_CRC_AT);
  const checked = Buffer.from(bytes);
  checked.writeUInt32LE(0, HEADER_CRC_AT);
  exactly('headerCrc', storedCrc, crc32(checked));

  const typeNumber = bytes.readUInt32LE(TYPE_AT);
  const metricNumber = bytes.readUInt32LE(METRIC_AT);
  const type = INDEX_TYPES[typeNumber];
  const metric = METRICS[metricNumber];
  expect(type !== undefined, 'type', typeNumber, `below ${INDEX_TYPES.length}`);
  expect(metric !== undefined, 'metric', metricNumber, `below ${METRICS.length}`);
  const vectorsNumber = bytes.readUInt32LE(VECTORS_AT);
  const vectors = VECTOR_PLACES[vectorsNumber];
  expect(vectors !== undefined, 'vectors', vectorsNumber, `below ${VECTOR_PLACES.length}`);
  exactly('rowsVersion', bytes.readUInt32LE(ROWS_VERSION_AT), vectors === 'ON_DISK' ? ROWS_VERSION : 0);
  const codesNumber = bytes.readUInt32LE(CODES_AT);
  const codes = CODE_KINDS[codesNumber];
  expect(codes !== undefined, 'codes', codesNumber, `below ${CODE_KINDS.length}`);
  const layout = checkedLayout(path, {
    type: type as (typeof INDEX_TYPES)[number],
    metric: metric as (typeof METRICS)[number],
    dimension: bytes.readUInt32LE(DIMENSION_AT),
    seed: bytes.readUInt32LE(SEED_AT),
    m: bytes.readUInt32LE(M_AT),
    efConstruction: bytes.readUInt32LE(EF_CONSTRUCTION_AT),
    expected: bytes.readUInt32LE(EXPECTED_AT),
    vectors: vectors as (typeof VECTOR_PLACES)[number],
    codes: codes as (typeof CODE_KINDS)[number],
  });

  const count = bytes.readUInt32LE(COUNT_AT);
  const live = bytes.readUInt32LE(LIVE_AT);
  const entry = bytes.readUInt32LE(ENTRY_AT);
  expect(count <= layout.capacity, 'count', count, `at most ${layout.capacity}`);
  expect(live <= count, 'live', live, `at most ${count}`);
  expect(entry < Math.max(1, count), 'entry', entry, `below ${Math.max(1, count)}`);
  const tabled = bytes.readUInt32LE(TABLED_AT);
  const mostTabled = layout.tableBytes === 0 ? 0 : Math.min(count, layout.parameters.expected);
  expect(tabled <= mostTabled, 'tabled', tabled, `at most ${mostTabled}`);
  expect(tabled % TABLED_STEP === 0, 'tabled', tabled, `a multiple of ${TABLED_STEP}`);
  const settled = bytes.readUInt32LE(SETTLED_AT);
  expect(settled <= count - live, 'settled', settled, `at most ${count - live}`);
  const twins = bytes.readUInt32LE(TWINS_AT);
  expect(twins <= count, 'twins', twins, `at most ${count}`);
  const centred = bytes.readUInt32LE(CENTRED_AT);
  expect(centred <= Math.max(1, count), 'centred', centred, `at most ${Math.max(1, count)}`);
  const largest = bytes.readFloatLE(LARGEST_AT);
  expect(Number.isFinite(largest) && largest >= 0, 'largest', largest, 'a finite number from 0');
  const mean = bytes.readFloatLE(MEAN_AT);
  expect(mean >= 0 && mean <= largest, 'mean', mean, `from 0 to ${largest}`);
  const origin = originIn(bytes);
  for (const field of ['revision', 'libraryKey'] as const) {
    const got = origin[field];
    expect(Number.isSafeInteger(got) && got >= 0, field, got, 'a safe integer from 0');
  }
  exactly('imageBytes', bytes.readDoubleLE(IMAGE_BYTES_AT), imageBytes(layout, count));
  exactly('length', fileBytes, HEADER_BYTES + imageBytes(layout, count));
  const imageCrc = bytes.readUInt32LE(IMAGE_CRC_AT);
  return { layout, count, live, entry, tabled, settled, twins, centred, largest, mean, origin, imageCrc };
}

function originIn(bytes: Buffer): ImageOrigin {
  const hex = bytes.toString('hex', SESSION_AT, SESSION_AT + SESSION_BYTES);
  return {
    session: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    revision: bytes.readDoubleLE(REVISION_AT),
    libraryKey: bytes.readDoubleLE(LIBRARY_KEY_AT),
  };
}

/** The layout of parameters read from a file, where being out of range means damage. */
function checkedLayout(path: string, parameters: Layout['parameters']): Layout {
  try {
    return layoutOf(parameters);
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    throw new AlcoveError('DamagedError', `${path}: ${error.message}`, {
      detail: { file: path, field: error.path[0] ?? null, ...error.detail },
      cause: error,
    });
  }
}
