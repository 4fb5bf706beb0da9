/**
 * The probe: what rows and nodes are compared with. A key is a float that orders as the metric's distance does:
 * smaller is nearer.
 *
 * Over rows (exact): COSINE −⟨p, x⟩ / ‖p‖‖x‖; DOT −⟨p, x⟩; EUCLIDEAN ‖p − x‖².
 * Over codes, with x̂ for the decoded code (divided by ‖x‖ under COSINE): DOT −⟨p̂, x̂⟩; otherwise ½‖p̂ − x̂‖², as
 * base(p) + base(x) − scale(p) · scale(x) · ⟨code(p), code(x)⟩ where base is ½‖x̂‖² (0 for DOT). Norms of the decoded
 * codes rather than of the rows, because their error shrinks with the distance and equal codes come out as equal.
 * Keys are symmetric in both forms.
 */
import { codeSquares, codeSum, decodeSigned, encodeRow, inverseNorm, scaleRow } from './encode';
import { dotCodes, dotCodes4, dotRows, squaredRows } from './distance';
import { putFloat, wordIn } from './list';
import {
  METRIC_COSINE, METRIC_DOT, METRIC_EUCLIDEAN, RECORD_BASE, RECORD_CODE_SUM, RECORD_SCALE,
} from './offsets';
import {
  codeBytes, codeOf, dimension, inverseAt, metric, query, queryCode, recordAt, rowAt, rowBytes,
} from './segment';

/** The probe's row, and the inverse of its norm where that is not yet multiplied in. */
let row: usize = 0;
let inverse: f32 = 1;
/** The probe's code, as it is kept in the zone; its numbers as in a record; 64 · Σ code. */
let scale: f32 = 0;
let base: f32 = 0;
let shift: i32 = 0;

/** Keys computed since the counter was last cleared. */
export let compared: u32 = 0;

export function clearCompared(): void {
  compared = 0;
}

/** Makes the row in the zone's query area the probe for rows; COSINE normalises it in place. */
export function probeQueryRow(): void {
  row = query;
  inverse = 1;
  if (metric == METRIC_COSINE) scaleRow(query, rowBytes, inverseNorm(query, rowBytes));
}

/** After {@link probeQueryRow}: makes the same row the probe for codes, too. */
export function probeQueryCode(): void {
  if (codeBytes == 0) return;
  scale = encodeRow(query, dimension, queryCode, codeBytes);
  base = baseOf(scale, queryCode);
  shift = codeSum(queryCode, codeBytes) << 6;
  decodeSigned(queryCode, queryCode, codeBytes);
}

/** Makes a stored node the probe of walks. */
export function probeNode(slot: u32): void {
  if (codeBytes == 0) {
    row = rowAt(slot);
    inverse = load<f32>(inverseAt(slot));
    return;
  }
  const record = recordAt(slot);
  scale = load<f32>(record, RECORD_SCALE);
  base = load<f32>(record, RECORD_BASE);
  shift = load<i32>(record, RECORD_CODE_SUM) << 6;
  decodeSigned(codeOf(record), queryCode, codeBytes);
}

/** The part of a key that a code has alone. */
export function baseOf(scale: f32, code: usize): f32 {
  if (metric == METRIC_DOT) return 0;
  return 0.5 * scale * scale * <f32>codeSquares(code, codeBytes);
}

/** Keys of `count` slots (u32 at `list`) to `out` (f32), compared as walks compare: by code if there is one. */
export function measure(list: usize, count: u32, out: usize): void {
  if (codeBytes == 0) measureRows(list, count, out);
  else measureCodes(list, count, out);
}

/** Keys over float32 rows; see {@link measure}. */
export function measureRows(list: usize, count: u32, out: usize): void {
  compared += count;
  for (let i: u32 = 0; i < count; i++) {
    const slot = wordIn(list, i);
    if (metric == METRIC_EUCLIDEAN) putFloat(out, i, squaredRows(row, rowAt(slot), rowBytes));
    else putFloat(out, i, -(dotRows(row, rowAt(slot), rowBytes) * load<f32>(inverseAt(slot)) * inverse));
  }
}

/** Keys over codes; see {@link measure}. In fours, which share the loads of the probe. */
function measureCodes(list: usize, count: u32, out: usize): void {
  compared += count;
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = list + (<usize>i << 2);
    const r0 = recordAt(load<u32>(at)), r1 = recordAt(load<u32>(at, 4));
    const r2 = recordAt(load<u32>(at, 8)), r3 = recordAt(load<u32>(at, 12));
    const dots = dotCodes4(queryCode, codeOf(r0), codeOf(r1), codeOf(r2), codeOf(r3), codeBytes);
    const product = f32x4.convert_i32x4_s(i32x4.sub(dots, i32x4.splat(shift)));
    const numbers01 = v128.load64_lane(r1, v128.load64_zero(r0), 1);
    const numbers23 = v128.load64_lane(r3, v128.load64_zero(r2), 1);
    const scales = v128.shuffle<i32>(numbers01, numbers23, 0, 2, 4, 6);
    const bases = v128.shuffle<i32>(numbers01, numbers23, 1, 3, 5, 7);
    const near = f32x4.mul(f32x4.mul(product, scales), f32x4.splat(scale));
    v128.store(out + (<usize>i << 2), f32x4.sub(f32x4.add(bases, f32x4.splat(base)), near));
  }
  for (; i < count; i++) {
    const record = recordAt(wordIn(list, i));
    const product = <f32>(dotCodes(queryCode, codeOf(record), codeBytes) - shift);
    const near = product * load<f32>(record, RECORD_SCALE) * scale;
    putFloat(out, i, load<f32>(record, RECORD_BASE) + base - near);
  }
}
