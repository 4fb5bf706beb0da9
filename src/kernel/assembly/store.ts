/** Rows and nodes as they are written, before anybody sees them. The row to write lies in the zone's query area. */
import { codeSum, encodeRow, inverseNorm } from './encode';
import {
  METRIC_COSINE, RECORD_BASE, RECORD_CODE_SUM, RECORD_INVERSE, RECORD_LAST_TWIN, RECORD_PARENT, RECORD_ROLE, RECORD_SCALE,
  RECORD_TWIN,
} from './offsets';
import { baseOfCode, baseOfRow, noteBase } from './probe';
import {
  codeBytes, codeOf, dimension, inverseAt, levelOf, linksAt, metric, none, ordinalAt, query, recordAt, rowAt, rowBytes,
} from './segment';

/** Writes the query row into the next slot, unpublished. */
export function storeRow(slot: u32, ordinal: u32): void {
  const row = rowAt(slot);
  for (let at: usize = 0; at < rowBytes; at += 16) v128.store(row + at, v128.load(query + at));
  store<f32>(inverseAt(slot), metric == METRIC_COSINE ? inverseNorm(row, rowBytes) : 1);
  store<u32>(ordinalAt(slot), ordinal);
}

/** Writes a node without links into the next slot. */
export function storeNode(slot: u32, ordinal: u32): void {
  storeRow(slot, ordinal);
  const record = recordAt(slot);
  store<u32>(record, none(), RECORD_PARENT);
  store<u32>(record, none(), RECORD_TWIN);
  store<u32>(record, none(), RECORD_LAST_TWIN);
  store<u32>(record, 0, RECORD_ROLE);
  for (let level: u32 = 0; level <= levelOf(slot); level++) store<u32>(linksAt(slot, level), 0);
  if (codeBytes == 0) store<f32>(record, baseOfRow(rowAt(slot)), RECORD_BASE);
  else storeCode(slot, record);
  noteBase(load<f32>(record, RECORD_BASE));
}

function storeCode(slot: u32, record: usize): void {
  const code = codeOf(record);
  let scale = encodeRow(rowAt(slot), dimension, code, codeBytes);
  if (metric == METRIC_COSINE) scale *= load<f32>(record, RECORD_INVERSE);
  store<f32>(record, scale, RECORD_SCALE);
  store<f32>(record, baseOfCode(scale, code), RECORD_BASE);
  store<i32>(record, codeSum(code, codeBytes), RECORD_CODE_SUM);
}
