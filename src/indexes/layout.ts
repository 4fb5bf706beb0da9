import {
  BATCH_SLOTS,
  BLOCK_SLOTS,
  RECORD_CODE,
  RECORD_NORM,
  RECORD_RESIDUAL,
  RECORD_SCALE,
  SECTIONS_AT,
  SKETCH_WORDS_AT,
  TOMBSTONES_AT,
  WORD_ALLOWED_AT,
  WORD_AXES,
  WORD_BINARY,
  WORD_BLOCK_BYTES,
  WORD_BLOCKS_AT,
  WORD_BRANCHES_AT,
  WORD_CHOSEN_AT,
  WORD_CODE_BYTES,
  WORD_CODE_STRIDE,
  WORD_CODES_AT,
  WORD_COUNT,
  WORD_DIMENSION,
  WORD_EF_CONSTRUCTION,
  WORD_EXPECTED,
  WORD_FRONTIER_AT,
  WORD_HASHES,
  WORD_KEYS_AT,
  WORD_M,
  WORD_METRIC,
  WORD_NORMS_AT,
  WORD_NUMBERS_STRIDE,
  WORD_ORDER_AT,
  WORD_OUTPUT_AT,
  WORD_POOL_AT,
  WORD_QUERY_CODE_AT,
  WORD_RECORD_BYTES,
  WORD_RECORDS_AT,
  WORD_RESIDUALS_AT,
  WORD_ROW_BYTES,
  WORD_ROWS_AT,
  WORD_SCALES_AT,
  WORD_SCRATCH_AT,
  WORD_SEED,
  WORD_SKETCH_BYTES,
  WORD_SKETCHES_AT,
  WORD_SLOTS_AT,
  WORD_STARTS_AT,
  WORD_TABLES_AT,
  WORD_UPPER_AT,
  WORD_UPPER_BYTES,
  WORD_VISITED_AT,
  WORD_WIDE_QUERY_AT,
  ZONES_AT,
} from '../kernel/assembly/offsets.ts';
import { axesOf, bucketBytes, bucketScratchBytes, HASHES } from './bucketLayout.ts';
import {
  type CompleteParameters,
  completeParameters,
  MAX_SLOTS,
  METRICS,
  ROW_DIMENSION,
} from './parameters.ts';
import { isTreeDimension, treeBytes } from './treeLayout.ts';
import type { IndexParameters } from './VectorIndex.ts';
import { align, zoneCount, zoneOf } from './zoneLayout.ts';

export const PAGE_BYTES = 65_536;

/** Tables cover a multiple of this many slots, so that the others begin a word of every bitmap. */
export const TABLED_STEP = 32;

/** One page less than 4 GiB, so that the address after the last byte still fits into 32 bits. */
export const MAX_PAGES = 65_535;

/** FLAT's numbers, one after the other for all slots of a block: norms; with codes, their scales and residuals as well. */
const NUMBERS_BYTES = 4 * BLOCK_SLOTS;

/**
 * From this dimension on nodes of a graph have sketches, for filters. Below it a sketch has too few bits to tell nodes
 * apart, and codes are short enough to be compared instead.
 */
const SKETCH_DIMENSION = 192;

/** Binary codes are padded to so many components. */
const BINARY_STEP = 128;

/** A part of each block: `stride` bytes per slot, or `whole` bytes that do not belong to single slots. */
interface Section {
  readonly offset: number;
  readonly stride: number;
  readonly whole: number;
  /** What may change after its slots were published, as ranges of bytes in each slot, or in the whole. */
  readonly changing: readonly Range[];
}

/** Bytes from `start` to `end`. */
export type Range = readonly [start: number, end: number];

/** A part of a segment's image, in memory. */
export interface ImageRange {
  readonly start: number;
  readonly end: number;
  /** Bytes from one slot to the next; the length of the part where it does not belong to single slots. */
  readonly stride: number;
  /** What may change in each slot while others are added; everything else is as it will ever be. Multiples of 4. */
  readonly changing: readonly Range[];
}

/**
 * Where everything lies in a segment's memory; a pure function of the parameters.
 *
 * Blocks of 1,024 slots make up the part that grows. A block is: ordinals (u32), tombstone bits, then
 * - FLAT: norms (f32); with codes their scales and residuals (f32), and codes (8 bits × dimension, padded to 32 bytes),
 *   rows (f32 × dimension, padded to 16 bytes);
 * - KD_TREE: as FLAT;
 * - HNSW: records (numbers, code, links of level 0; multiples of 64 bytes), links of the upper layers, sketches unless codes
 *   are binary, rows;
 * - LSH: records without links, rows.
 *
 * Rows that are kept in a file (RowFile.ts) are not in the blocks.
 *
 * Zones, the scratch of attached threads, lie before the blocks and are as large as the largest number of nodes
 * demands; pages that are never touched cost address space only. Between the two lie the tables that a type builds over
 * all of its slots at once, laid out for the number of them that is expected.
 */
export interface Layout {
  readonly parameters: CompleteParameters;
  /** Most slots that fit. */
  readonly capacity: number;
  /** What is built over many slots at once; of no bytes for the types that have no such thing. */
  readonly tablesAt: number;
  /** HNSW: two words for each slot, for linkGraph.ts; not saved. */
  readonly orderAt: number;
  readonly tableBytes: number;
  readonly blocksAt: number;
  readonly blockBytes: number;
  readonly zoneBytes: number;
  readonly outputAt: number;
  readonly allowedAt: number;
  readonly slotsAt: number;
  /** Of what walks compare, a code or a row. */
  readonly comparedBytes: number;
  /** 0 for an index without sketches. */
  readonly sketchBytes: number;
  /** Where two rows are put that come from a file, with what follows them there. */
  readonly fetchedAt: number;
  readonly rowBytes: number;
  readonly sections: readonly Section[];
  /** The layout table that the kernel reads. */
  readonly words: Uint32Array;
}

/** Lists of all upper layers in a block: ⌊1024 / m⌋ + ⌊1024 / m²⌋ + …, each step rounded down as the kernel does. */
function upperLists(m: number): number {
  let lists = 0;
  for (let members = Math.floor(BLOCK_SLOTS / m); members > 0; members = Math.floor(members / m)) {
    lists += members;
  }
  return lists;
}

/** A part of each block that does not belong to single slots. */
function wholeSection(offset: number, end: number): Section {
  return { offset, stride: 0, whole: end - offset, changing: [[0, end - offset]] };
}

function aroundCode(codeBytes: number, recordBytes: number): readonly Range[] {
  return [[0, RECORD_CODE] as const, [RECORD_CODE + codeBytes, recordBytes] as const];
}

function blockOf(complete: CompleteParameters) {
  const { dimension, m } = complete;
  const isGraph = complete.type === 'HNSW';
  const isCoded = isGraph || complete.type === 'LSH';
  const rowBytes = align(dimension * 4, 16);
  const isBinary = complete.codes === 'BINARY';
  const codeBytes = isBinary ? binaryBytes(dimension) : scalarBytes(dimension, isCoded);
  const codesAt = SECTIONS_AT + NUMBERS_BYTES * (codeBytes > 0 ? 3 : 1);
  const recordBytes = isCoded ? align(RECORD_CODE + codeBytes + (isGraph ? 4 + 8 * m : 0), 64) : 0;
  const upperBytes = isGraph ? 4 + 4 * m : 0;
  const upperAt = SECTIONS_AT + recordBytes * BLOCK_SLOTS;
  const isInMemory = complete.vectors === 'IN_MEMORY';
  const sketchBytes =
    isGraph && !isBinary && dimension >= SKETCH_DIMENSION ? SKETCH_WORDS_AT + align(dimension, 64) / 8 : 0;
  const sketchesAt = isGraph ? align(upperAt + upperBytes * upperLists(m), 64) : upperAt;
  const recordsEnd = align(sketchesAt + sketchBytes * BLOCK_SLOTS, 64);
  const rowsAt = isCoded ? recordsEnd : codesAt + codeBytes * BLOCK_SLOTS;
  return {
    rowBytes,
    codeBytes,
    recordBytes,
    upperBytes,
    upperAt,
    sketchBytes,
    sketchesAt,
    rowsAt: isInMemory ? rowsAt : 0,
    normsAt: isCoded ? SECTIONS_AT + RECORD_NORM : SECTIONS_AT,
    numbersStride: isCoded ? recordBytes : 4,
    scalesAt: SECTIONS_AT + (isCoded ? RECORD_SCALE : NUMBERS_BYTES),
    residualsAt: SECTIONS_AT + (isCoded ? RECORD_RESIDUAL : 2 * NUMBERS_BYTES),
    codesAt: isCoded ? SECTIONS_AT + RECORD_CODE : codesAt,
    codeStride: isCoded ? recordBytes : codeBytes,
    blockBytes: align(rowsAt + (isInMemory ? rowBytes * BLOCK_SLOTS : 0), 4096),
    sections: [
      { offset: 0, stride: 4, whole: 0, changing: [] },
      wholeSection(TOMBSTONES_AT, SECTIONS_AT),
      // Of a record all may change but the code, which may as well where it is about a centre that moves.
      ...(isCoded
        ? [
            {
              offset: SECTIONS_AT,
              stride: recordBytes,
              whole: 0,
              changing: aroundCode(isBinary ? 0 : codeBytes, recordBytes),
            },
          ]
        : rowSections(codesAt, codeBytes)),
      wholeSection(upperAt, sketchesAt),
      // The centre of the sketches moves now and then, and all of them change with it.
      { offset: sketchesAt, stride: sketchBytes, whole: 0, changing: [[0, sketchBytes] as Range] },
      { offset: rowsAt, stride: isInMemory ? rowBytes : 0, whole: 0, changing: [] },
    ].filter((section) => section.stride + section.whole > 0),
  };
}

/** Bytes of a code of one byte a component, padded for the kernel; 0 where there are none. */
function scalarBytes(dimension: number, isInRecord: boolean): number {
  return dimension > ROW_DIMENSION ? align(dimension, isInRecord ? 64 : 32) : 0;
}

/** Bytes of a code of one bit a component, likewise. */
function binaryBytes(dimension: number): number {
  return align(dimension, BINARY_STEP) / 8;
}

/** The numbers and codes of types without records. */
function rowSections(codesAt: number, codeBytes: number): Section[] {
  const sections: Section[] = [];
  for (let offset = SECTIONS_AT; offset < codesAt; offset += NUMBERS_BYTES) {
    sections.push({ offset, stride: 4, whole: 0, changing: [] });
  }
  return [...sections, { offset: codesAt, stride: codeBytes, whole: 0, changing: [] }];
}

/** Bytes of the tables: the centre of sketches or binary codes, or what is built over the slots that the parameters say to expect. */
function tableBytesOf(complete: CompleteParameters): number {
  const { type, dimension, expected, codes } = complete;
  if (type === 'LSH') return bucketBytes(complete);
  if (codes === 'BINARY') return 4 * align(dimension, BINARY_STEP);
  if (type === 'HNSW') return dimension >= SKETCH_DIMENSION ? align(dimension, 64) * 4 : 0;
  return type === 'KD_TREE' && isTreeDimension(dimension) ? treeBytes(dimension, expected) : 0;
}

function mostSlotsOf(blockBytes: number): number {
  return Math.min(MAX_SLOTS, Math.floor((MAX_PAGES * PAGE_BYTES) / blockBytes) * BLOCK_SLOTS);
}

/** The layout table that the kernel reads. */
function wordsOf(
  complete: CompleteParameters,
  block: ReturnType<typeof blockOf>,
  zone: ReturnType<typeof zoneOf>,
  { capacity, tablesAt, orderAt, blocksAt }: Pick<Layout, 'capacity' | 'tablesAt' | 'orderAt' | 'blocksAt'>,
): Uint32Array {
  const words = new Uint32Array(WORD_COUNT);
  words[WORD_METRIC] = METRICS.indexOf(complete.metric);
  words[WORD_DIMENSION] = complete.dimension;
  words[WORD_SEED] = complete.seed;
  words[WORD_M] = complete.m;
  words[WORD_EF_CONSTRUCTION] = complete.efConstruction;
  words[WORD_TABLES_AT] = tablesAt;
  words[WORD_ORDER_AT] = orderAt;
  words[WORD_STARTS_AT] = orderAt + 4 * capacity;
  words[WORD_BLOCKS_AT] = blocksAt;
  words[WORD_BLOCK_BYTES] = block.blockBytes;
  words[WORD_NORMS_AT] = block.normsAt;
  words[WORD_NUMBERS_STRIDE] = block.numbersStride;
  words[WORD_SCALES_AT] = block.scalesAt;
  words[WORD_RESIDUALS_AT] = block.residualsAt;
  words[WORD_ROWS_AT] = block.rowsAt;
  words[WORD_ROW_BYTES] = block.rowBytes;
  words[WORD_RECORDS_AT] = SECTIONS_AT;
  words[WORD_RECORD_BYTES] = block.recordBytes;
  words[WORD_CODES_AT] = block.codesAt;
  words[WORD_CODE_STRIDE] = block.codeStride;
  words[WORD_CODE_BYTES] = block.codeBytes;
  words[WORD_UPPER_AT] = block.upperAt;
  words[WORD_UPPER_BYTES] = block.upperBytes;
  words[WORD_WIDE_QUERY_AT] = zone.wideQueryAt;
  words[WORD_SKETCHES_AT] = block.sketchesAt;
  words[WORD_SKETCH_BYTES] = block.sketchBytes;
  words[WORD_QUERY_CODE_AT] = zone.queryCodeAt;
  words[WORD_SLOTS_AT] = zone.slotsAt;
  words[WORD_KEYS_AT] = zone.keysAt;
  words[WORD_CHOSEN_AT] = zone.chosenAt;
  words[WORD_POOL_AT] = zone.poolAt;
  words[WORD_FRONTIER_AT] = zone.frontierAt;
  words[WORD_OUTPUT_AT] = zone.outputAt;
  words[WORD_VISITED_AT] = zone.visitedAt;
  words[WORD_ALLOWED_AT] = zone.allowedAt;
  words[WORD_SCRATCH_AT] = zone.scratchAt;
  words[WORD_BRANCHES_AT] = zone.branchesAt;
  words[WORD_EXPECTED] = complete.expected;
  words[WORD_AXES] = axesOf(complete);
  words[WORD_HASHES] = HASHES;
  words[WORD_BINARY] = complete.codes === 'BINARY' ? 1 : 0;
  return words;
}

/** @throws AlcoveError InvalidArgumentError for parameters out of range. */
export function layoutOf(parameters: IndexParameters): Layout {
  const complete = completeParameters(parameters);
  const block = blockOf(complete);
  const mostSlots = mostSlotsOf(block.blockBytes);
  const zone = zoneOf(complete, block.rowBytes, block.codeBytes, mostSlots / 8);
  const orderAt = align(ZONES_AT + zone.zoneBytes * zoneCount, PAGE_BYTES);
  const tablesAt = align(orderAt + (complete.type === 'HNSW' ? 8 * mostSlots : 0), PAGE_BYTES);
  const tableBytes = tableBytesOf(complete);
  const blocksAt = align(tablesAt + tableBytes, PAGE_BYTES);
  const blocks = Math.floor((MAX_PAGES * PAGE_BYTES - blocksAt) / block.blockBytes);
  const capacity = Math.min(mostSlots, blocks * BLOCK_SLOTS);
  const words = wordsOf(complete, block, zone, { capacity, tablesAt, orderAt, blocksAt });
  return {
    parameters: complete,
    capacity,
    tablesAt,
    orderAt,
    tableBytes,
    blocksAt,
    blockBytes: block.blockBytes,
    zoneBytes: zone.zoneBytes,
    outputAt: zone.outputAt,
    allowedAt: zone.allowedAt,
    slotsAt: zone.slotsAt,
    comparedBytes: block.codeBytes || block.rowBytes,
    sketchBytes: block.sketchBytes,
    fetchedAt: zone.fetchedAt,
    rowBytes: block.rowBytes,
    sections: block.sections,
    words,
  };
}

/** The ranges of memory that hold `count` slots and nothing else, in ascending order: what a file holds after its header. */
export function* imageRanges(layout: Layout, count: number): Generator<ImageRange> {
  const { tablesAt, tableBytes } = layout;
  const changing = changingTables(layout);
  if (tableBytes > 0) yield { start: tablesAt, end: tablesAt + tableBytes, stride: tableBytes, changing };
  for (let first = 0; first < count; first += BLOCK_SLOTS) {
    const block = layout.blocksAt + (first / BLOCK_SLOTS) * layout.blockBytes;
    const used = Math.min(BLOCK_SLOTS, count - first);
    for (const { offset, stride, whole, changing } of layout.sections) {
      const start = block + offset;
      yield { start, end: start + (whole || stride * used), stride: whole || stride, changing };
    }
  }
}

/** Tables stay as they were built, but for those of a graph, which are small. */
function changingTables({ parameters, tableBytes }: Layout): readonly Range[] {
  return parameters.type === 'HNSW' ? [[0, tableBytes]] : [];
}

/** Bytes that {@link imageRanges} add up to. */
export function imageBytes(layout: Layout, count: number): number {
  const blocks = Math.ceil(count / BLOCK_SLOTS);
  return layout.sections.reduce(
    (sum, { stride, whole }) => sum + (whole ? whole * blocks : stride * count),
    layout.tableBytes,
  );
}

/** Bytes of memory, in whole pages, that `count` slots need. */
export function pagesFor(layout: Layout, count: number): number {
  return Math.ceil((layout.blocksAt + Math.ceil(count / BLOCK_SLOTS) * layout.blockBytes) / PAGE_BYTES);
}

/** Scratch that one attached thread touches in ordinary use: query, code, lists, a pool of common size, bitmaps. */
export function scratchBytes(layout: Layout, count: number): number {
  const { type } = layout.parameters;
  const bitmaps = type === 'HNSW' || type === 'LSH' ? count / 4 : count / 8;
  const rotated = type === 'LSH' ? bucketScratchBytes(layout.parameters) : 0;
  return Math.ceil(Math.min(layout.zoneBytes, layout.slotsAt + BATCH_SLOTS * 4 + bitmaps + rotated));
}
