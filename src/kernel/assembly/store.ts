/** Rows and nodes as they are written, before anybody sees them. The row to write lies in the zone's query area. */
import { writeBinary } from './binaryCode';
import { bestScale, residualOf } from './bound';
import { codeSum, encodeRow, inverseNorm, normOf } from './encode';
import {
  CENTRED_AT, METRIC_COSINE, RECORD_BASE, RECORD_CODE_SUM, RECORD_NORM, RECORD_PARENT, RECORD_RESIDUAL, RECORD_ROLE, RECORD_SCALE,
  RECORD_TWIN,
} from './offsets';
import { baseOfCode, baseOfRow, noteBase } from './probe';
import {
  bitBytes, codeAt, codeBytes, codeOf, dimension, isBinary, lastTwinAt, levelOf, linksAt, metric, none, normAt, ordinalAt, query, recordAt,
  residualAt, rowAt, rowBytes, rowsInMemory, scaleAt,
} from './segment';
import { encodeSigned } from './signedCode';
import { admitSigns, isCentreDue, moveCentre } from './signs';
import { writeSketch } from './sketch';

/** Writes the query row into the next slot, unpublished; where rows are kept in a file, it is there already. */
export function storeRow(slot: u32, ordinal: u32): void {
  if (rowsInMemory) {
    const row = rowAt(slot);
    for (let at: usize = 0; at < rowBytes; at += 16) v128.store(row + at, v128.load(query + at));
  }
  store<f32>(normAt(slot), metric == METRIC_COSINE ? inverseNorm(query, rowBytes) : <f32>normOf(query, rowBytes));
  store<u32>(ordinalAt(slot), ordinal);
}

/** What the row is multiplied by to be of norm 1: 0 for a row of zeros, NaN where its norm left float32. */
function factorOf(slot: u32): f64 {
  const norm = <f64>load<f32>(normAt(slot));
  if (metric == METRIC_COSINE || norm == 0) return norm;
  return norm < Infinity ? 1 / norm : NaN;
}

/** The 8-bit code of a row without a record, and what bounds its key. */
export function storeSigned(slot: u32): void {
  if (codeBytes == 0) return;
  const row = rowAt(slot), code = codeAt(slot);
  const factor = factorOf(slot);
  encodeSigned(row, dimension, code, codeBytes);
  const scale = bestScale(row, code, rowBytes, factor);
  store<f32>(scaleAt(slot), scale);
  store<f32>(residualAt(slot), residualOf(row, code, rowBytes, factor, <f64>scale));
}

/** Writes a node without links into the next slot. */
export function storeNode(slot: u32, ordinal: u32): void {
  storeRow(slot, ordinal);
  encodeNode(slot);
  addSigns(slot);
  noteBase(load<f32>(recordAt(slot), RECORD_BASE), slot);
}

/** Writes what the signs of a stored row are kept in: its binary code, or its sketch. */
export function storeBits(slot: u32): void {
  if (isBinary) writeBinary(slot);
  else writeSketch(slot);
}

/**
 * The same of a row that is not yet published. At some counts it first moves the centre to the mean of all rows and writes
 * the signs of all anew: rows often come sorted. CENTRED_AT says of how many rows it is the mean and is 0 meanwhile, so a
 * search that has read the same number before and after has seen no other codes or sketches.
 */
function addSigns(slot: u32): void {
  if (bitBytes == 0) return;
  if (isCentreDue(slot)) {
    moveCentre(slot);
    for (let i: u32 = 0; i < slot; i++) storeBits(i);
    admitSigns(slot + 1);
  } else if (slot == 0) admitSigns(1);
  if (load<u32>(CENTRED_AT) != 0) storeBits(slot);
}

/** Makes a node without links of a stored row; all but what is made of its signs. */
export function encodeNode(slot: u32): void {
  const record = recordAt(slot);
  store<u32>(record, none(), RECORD_PARENT);
  store<u32>(record, none(), RECORD_TWIN);
  store<u32>(lastTwinAt(slot), none());
  store<u32>(record, 0, RECORD_ROLE);
  for (let level: u32 = 0; level <= levelOf(slot); level++) store<u32>(linksAt(slot, level), 0);
  storeNumbers(slot, record);
}

/** Writes what a record holds of its row: a code, unless it is binary, or where rows are compared, ½‖x‖². */
export function storeNumbers(slot: u32, record: usize): void {
  if (codeBytes == 0) store<f32>(record, baseOfRow(rowAt(slot)), RECORD_BASE);
  else if (!isBinary) storeCode(slot, record);
}

function storeCode(slot: u32, record: usize): void {
  const row = rowAt(slot), code = codeOf(record);
  let scale = encodeRow(row, dimension, code, codeBytes);
  if (metric == METRIC_COSINE) scale *= load<f32>(record, RECORD_NORM);
  store<f32>(record, scale, RECORD_SCALE);
  store<f32>(record, baseOfCode(scale, code), RECORD_BASE);
  store<i32>(record, codeSum(code, codeBytes), RECORD_CODE_SUM);
  const norm = load<f32>(record, RECORD_NORM);
  const unitScale: f64 = metric == METRIC_COSINE || norm == 0 ? <f64>scale : <f64>scale / <f64>norm;
  store<f32>(record, residualOf(row, code, rowBytes, factorOf(slot), unitScale), RECORD_RESIDUAL);
}
