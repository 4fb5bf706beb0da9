/**
 * The probe: what rows and nodes are compared with. A key is a float that orders as the metric's distance does:
 * smaller is nearer. Keys are symmetric.
 *
 * Over rows (exact): COSINE −⟨p, x⟩ / ‖p‖‖x‖; DOT −⟨p, x⟩; EUCLIDEAN ‖p − x‖².
 * Over codes, with x̂ for the decoded code (divided by ‖x‖ under COSINE): DOT −⟨p̂, x̂⟩; otherwise ½‖p̂ − x̂‖² as
 * base(p) + base(x) − ⟨p̂, x̂⟩ where base is ½‖x̂‖²: of the decoded code rather than of the row, because then the
 * error shrinks with the distance, and equal codes come out as equal.
 *
 * Under DOT, nodes are linked by another key than queries are answered by; see {@link lift}.
 */
import { probeQuery, probeRow, probeSigns, productSlack, productWith } from './binaryCode';
import { codeSquares, codeSum, decodeSigned, encodeRow, inverseNorm, scaleRow } from './encode';
import { dotCodes, dotCodes4, dotRows, squaredRows } from './distance';
import { putFloat, wordIn } from './list';
import {
  LARGEST_AT, MEAN_AT, METRIC_COSINE, METRIC_DOT, METRIC_EUCLIDEAN, RECORD_BASE, RECORD_CODE_SUM, RECORD_SCALE,
} from './offsets';
import {
  codeBytes, codeOf, dimension, isBinary, metric, normAt, query, queryCode, recordAt, rowAt, rowBytes,
} from './segment';

/** How keys are made of inner products. */
const FORM_PRODUCT: u32 = 0;
const FORM_DISTANCE: u32 = 1;
const FORM_LIFTED: u32 = 2;

/** Most of the way from 0, links by inner product, to 1, links by the distance that it can be reduced to. */
const MOST_LIFT: f32 = 0.5;
/** Where the mean base is this share of the largest, or a greater one, the lift is the most. */
const FULL_LIFT_SHARE: f32 = 0.06;

/** Of keys over rows and over codes. */
let rowForm: u32 = FORM_PRODUCT;
let codeForm: u32 = FORM_PRODUCT;
/** The probe's row, and the inverse of its norm where that is not yet multiplied in. */
let row: usize = 0;
let inverse: f32 = 1;
/** Of the probe's code, which lies in the zone: its numbers as in a record; 64 · Σ code. */
let scale: f32 = 0;
let base: f32 = 0;
let shift: i32 = 0;
/** The largest base in the index, and its inverse. */
let largest: f32 = 0;
/** How far nodes are lifted; see {@link lift}. */
let lifted: f32 = 0;
let perLargest: f32 = 0;

/** Keys computed since the counter was last cleared. */
export let compared: u32 = 0;

export function clearCompared(): void {
  compared = 0;
}

export function addCompared(count: u32): void {
  compared += count;
}

/** Makes the row in the zone's query area the probe for rows; COSINE normalises it in place. */
export function probeQueryRow(): void {
  rowForm = metric == METRIC_EUCLIDEAN ? FORM_DISTANCE : FORM_PRODUCT;
  row = query;
  inverse = 1;
  if (metric == METRIC_COSINE) scaleRow(query, rowBytes, inverseNorm(query, rowBytes));
}

/** After {@link probeQueryRow}: makes the same row the probe for walks, too. */
export function probeQueryCode(): void {
  if (codeBytes == 0) return;
  codeForm = metric == METRIC_DOT ? FORM_PRODUCT : FORM_DISTANCE;
  if (isBinary) {
    base = probeQuery(query);
    return;
  }
  scale = encodeRow(query, dimension, queryCode, codeBytes);
  base = baseOfCode(scale, queryCode);
  shift = codeSum(queryCode, codeBytes) << 6;
  decodeSigned(queryCode, queryCode, codeBytes);
}

/** Makes a stored node the probe of walks. */
export function probeNode(slot: u32): void {
  const record = recordAt(slot);
  base = load<f32>(record, RECORD_BASE);
  largest = load<f32>(LARGEST_AT);
  perLargest = largest > 0 ? 1 / largest : 0;
  lifted = MOST_LIFT * min<f32>(1, load<f32>(MEAN_AT) * perLargest / FULL_LIFT_SHARE);
  if (codeBytes == 0) {
    rowForm = metric == METRIC_DOT ? FORM_LIFTED : metric == METRIC_COSINE ? FORM_PRODUCT : FORM_DISTANCE;
    row = rowAt(slot);
    inverse = perNorm(slot);
    return;
  }
  codeForm = metric == METRIC_DOT ? FORM_LIFTED : FORM_DISTANCE;
  if (isBinary) {
    probeSigns(record);
    return;
  }
  scale = load<f32>(record, RECORD_SCALE);
  shift = load<i32>(record, RECORD_CODE_SUM) << 6;
  decodeSigned(codeOf(record), queryCode, codeBytes);
}

/** As {@link probeNode}, but where codes are binary the probe is the node's row, whose keys are twice as good. */
export function probeNodeByRow(slot: u32): void {
  probeNode(slot);
  if (isBinary) probeRow(slot);
}

/** ½‖x̂‖² of a code. */
export function baseOfCode(scale: f32, code: usize): f32 {
  return 0.5 * scale * scale * <f32>codeSquares(code, codeBytes);
}

/** ½‖x‖² of a row. */
export function baseOfRow(row: usize): f32 {
  return 0.5 * dotRows(row, row, rowBytes);
}

/** Keeps the largest and the mean base of all up to this slot, for {@link lift}. What is beyond float32 does not count. */
export function noteBase(base: f32, slot: u32): void {
  if (!(base < Infinity)) return;
  if (base > load<f32>(LARGEST_AT)) store<f32>(LARGEST_AT, base);
  const mean = load<f32>(MEAN_AT);
  store<f32>(MEAN_AT, mean + (base - mean) / <f32>(slot + 1));
}

/**
 * What is added to −⟨p, x⟩ when nodes choose their neighbours under DOT.
 *
 * Links by inner product alone (ip-NSW, Morozov & Babenko 2018) lead everything to the longest vectors, and short
 * ones get lost: recall stalls at .98 to .99. Reducing to distances, by lifting every vector onto a sphere of radius R
 * with one more component √(R² − ‖x‖²) (Bachrach et al. 2014), loses nobody, but the long vectors, which most queries
 * want, lie far apart, and with norms spread by 2 recall falls to .80 (384 dimensions, effort 64). Half of the lift
 * has recall ≥ .997 where either of them fails, and is the same as both for normalised vectors:
 *
 *     λ (R² − √(R² − ‖p‖²) √(R² − ‖x‖²)), as λ R² (a + b − a b) / (1 + √(1 − a) √(1 − b)) with a = ‖p‖²/R², b = ‖x‖²/R²,
 *
 * a form that does not cancel when one vector is much longer than all others; λ = ½. When norms differ by orders of
 * magnitude, that is too much: the less the mean ‖x‖² is of R², the smaller is λ. With norms that are log-normally
 * distributed (σ = 1; 15,000 × 96, effort 64) recall is .998 instead of .78.
 */
@inline
function lift(other: f32): f32 {
  const a = min<f32>(1, base * perLargest);
  const b = min<f32>(1, other * perLargest);
  return (lifted * 2 * largest * (a + b - a * b)) / (1 + sqrt<f32>((1 - a) * (1 - b)));
}

/** {@link lift} of four bases. */
@inline
function lift4(others: v128): v128 {
  const one = f32x4.splat(1);
  const a = f32x4.splat(min<f32>(1, base * perLargest));
  const b = f32x4.min(one, f32x4.mul(others, f32x4.splat(perLargest)));
  const root = f32x4.sqrt(f32x4.mul(f32x4.sub(one, a), f32x4.sub(one, b)));
  const sum = f32x4.sub(f32x4.add(a, b), f32x4.mul(a, b));
  return f32x4.div(f32x4.mul(f32x4.splat(lifted * 2 * largest), sum), f32x4.add(one, root));
}

/** Keys of `count` slots (u32 at `list`) to `out` (f32), compared as walks compare: by code if there is one. */
export function measure(list: usize, count: u32, out: usize): void {
  if (codeBytes == 0) measureRows(list, count, out);
  else if (isBinary) measureBinary(list, count, out);
  else measureCodes(list, count, out);
}

/** Keys over binary codes; see {@link measure}. */
function measureBinary(list: usize, count: u32, out: usize): void {
  compared += count;
  for (let i: u32 = 0; i < count; i++) {
    const record = recordAt(wordIn(list, i));
    putFloat(out, i, offset(load<f32>(record, RECORD_BASE)) - productWith(record));
  }
}

/** The key over codes, if they were exact, of what has this key over rows. For queries, not for stored nodes. */
@inline
export function codeKeyOf(rowKey: f32): f32 {
  if (codeBytes == 0 || metric == METRIC_DOT) return rowKey;
  return metric == METRIC_COSINE ? rowKey + 1 : rowKey * 0.5;
}

/** In proportion to the squared distance of what has this key for a query, as walks compare. Not under DOT. */
@inline
export function squareOf(key: f32): f32 {
  return codeBytes == 0 && metric == METRIC_COSINE ? key + 1 : key;
}

/** Standard deviations of a key's error that are allowed for: one key in 700 is off by more. */
const DEVIATIONS: f32 = 3;

/**
 * By how much a node's key over codes may lie above what it would be if codes were exact. Rounding is off by s²/12 on
 * average, squared, in each component, for steps of s; under COSINE and EUCLIDEAN that adds to the distance as well.
 */
export function keySlack(key: f32, record: usize): f32 {
  if (codeBytes == 0) return 0;
  const other = load<f32>(record, RECORD_SCALE);
  const ours = (scale * scale) / 12;
  const theirs = (other * other) / 12;
  if (codeForm == FORM_PRODUCT) {
    return DEVIATIONS * sqrt<f32>(2 * (base * theirs + load<f32>(record, RECORD_BASE) * ours));
  }
  const squares = ours + theirs;
  return 0.5 * <f32>dimension * squares + DEVIATIONS * sqrt<f32>(2 * max<f32>(0, key) * squares);
}

/**
 * By how much a node's key over its binary code may lie above what the row would have, if that is `bound`. For nearer rows it
 * is less, since the error is across the row.
 */
export function binarySlack(bound: f32, record: usize): f32 {
  return productSlack(offset(load<f32>(record, RECORD_BASE)) - bound, record);
}

/** Keys over float32 rows; see {@link measure}. */
export function measureRows(list: usize, count: u32, out: usize): void {
  compared += count;
  for (let i: u32 = 0; i < count; i++) {
    const slot = wordIn(list, i);
    putFloat(out, i, keyOfRow(slot));
  }
}

@inline
function keyOfRow(slot: u32): f32 {
  return rowForm == FORM_DISTANCE ? squaredRows(row, rowAt(slot), rowBytes) : productKey(slot);
}

/** Keys over the float32 rows of `count` slots from `first` on, all of one block. */
export function measureLine(first: u32, count: u32, out: usize): void {
  compared += count;
  for (let i: u32 = 0; i < count; i++) putFloat(out, i, keyOfRow(first + i));
}

/** What an inner product with the slot's row is multiplied by. */
@inline
function perNorm(slot: u32): f32 {
  return metric == METRIC_COSINE ? load<f32>(normAt(slot)) : 1;
}

@inline
function productKey(slot: u32): f32 {
  const product = dotRows(row, rowAt(slot), rowBytes) * perNorm(slot) * inverse;
  return rowForm == FORM_LIFTED ? lift(load<f32>(recordAt(slot), RECORD_BASE)) - product : -product;
}

/** Keys over codes; see {@link measure}. In fours, which share the loads of the probe. */
function measureCodes(list: usize, count: u32, out: usize): void {
  compared += count;
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = list + (<usize>i << 2);
    const r0 = recordAt(load<u32>(at)), r1 = recordAt(load<u32>(at, 4));
    const r2 = recordAt(load<u32>(at, 8)), r3 = recordAt(load<u32>(at, 12));
    const sums = dotCodes4(queryCode, codeOf(r0), codeOf(r1), codeOf(r2), codeOf(r3), codeBytes);
    const numbers01 = v128.load64_lane(r1, v128.load64_zero(r0), 1);
    const numbers23 = v128.load64_lane(r3, v128.load64_zero(r2), 1);
    const scales = v128.shuffle<i32>(numbers01, numbers23, 0, 2, 4, 6);
    const bases = v128.shuffle<i32>(numbers01, numbers23, 1, 3, 5, 7);
    const signedSums = f32x4.convert_i32x4_s(i32x4.sub(sums, i32x4.splat(shift)));
    const products = f32x4.mul(f32x4.mul(signedSums, scales), f32x4.splat(scale));
    v128.store(out + (<usize>i << 2), f32x4.sub(offsets4(bases), products));
  }
  for (; i < count; i++) {
    const record = recordAt(wordIn(list, i));
    const signedSum = <f32>(dotCodes(queryCode, codeOf(record), codeBytes) - shift);
    putFloat(out, i, offset(load<f32>(record, RECORD_BASE)) - signedSum * load<f32>(record, RECORD_SCALE) * scale);
  }
}

/** What a key is besides the inner product. */
@inline
function offset(other: f32): f32 {
  if (codeForm == FORM_DISTANCE) return other + base;
  return codeForm == FORM_LIFTED ? lift(other) : 0;
}

@inline
function offsets4(others: v128): v128 {
  if (codeForm == FORM_DISTANCE) return f32x4.add(others, f32x4.splat(base));
  return codeForm == FORM_LIFTED ? lift4(others) : f32x4.splat(0);
}
