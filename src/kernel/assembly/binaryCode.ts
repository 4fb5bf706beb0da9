/**
 * Binary codes: of each node one bit a component, the sign of the rotated row about the centre, and four numbers
 * (RaBitQ: Gao & Long 2024, arXiv 2405.12497). With r = x − c for the row x and the centre c, both rotated, and s for
 * the signs of r, an inner product with any y is estimated, without bias over the rotations, as
 *
 *     ⟨r, y⟩ ≈ f ⟨s, y⟩ where f = ‖r‖² / Σ |rᵢ|, off by a deviation of ‖y‖ sin(r, y) √((f² d − ‖r‖²) / (d − 1)).
 *
 * A probe that is a row has y in {@link PLANES} bits a component, each of which is a plane of its own: then ⟨s, y⟩ is four
 * counts of differing bits, whatever the dimension. A probe that is a node whose row is not at hand is known by its own
 * signs alone, from which the angle at the centre follows: the share of differing bits times π. That is off by twice
 * as much, and does for choosing links.
 *
 * Under DOT ⟨p, x⟩ = ⟨p − c, x − c⟩ + (⟨p, c⟩ − ½‖c‖²) + (⟨x, c⟩ − ½‖c‖²), of which the last are known exactly; a query,
 * whose norm says nothing, is compared as it is, with x − c, and ⟨q, c⟩ added.
 */
import { dotRows } from './distance';
import { largest } from './encode';
import { METRIC_DOT, RECORD_BASE, RECORD_MIDDLE, RECORD_NORM, RECORD_RADIUS, RECORD_SCALE } from './offsets';
import { codeBytes, codeOf, dimension, metric, queryCode, recordAt, rowAt, tables } from './segment';
import { cosineOf, factorOf, magnitude, paddedBytes, rotated, writeSigns } from './signs';

/** Bits a component of a probe that is a row; {@link differingPlanes} and {@link writePlanes} are written for so many. */
const PLANES: u32 = 4;
/** The greatest number of so many bits. */
const MOST: f32 = <f32>((1 << PLANES) - 1);

/** Components below this are taken for zero: their inverse would leave float32. */
const SMALLEST: f32 = 1e-37;

/**
 * Deviations that are allowed for. Of 100,000 × 768, clustered, with all of a wide beam in question, 2 find .993 of the nearest
 * by 106 rows, 2.5 find .997 by 140; up to .98 they compare about as many.
 */
const DEVIATIONS: f32 = 2.5;

/** Whether the probe is known by its signs alone; where these lie, or else its planes, word by word. */
let isNode: bool = false;
let probe: usize = 0;
/** ‖y‖ of the probe. */
let radius: f32 = 0;
/** The step between its numbers, and what ⟨s, y⟩ is where no bit differs. */
let step: f32 = 0;
let whole: f32 = 0;
/** What is added to all inner products; whether that of each node is, too. */
let middle: f32 = 0;
let perMiddle: f32 = 0;

/** Writes the code of a stored row about the centre. */
export function writeBinary(slot: u32): void {
  const record = recordAt(slot);
  const row = rotated(rowAt(slot), factorOf(slot));
  const norm = writeSigns(row, tables, paddedBytes(), codeOf(record));
  store<f32>(record, magnitude > 0 ? norm * (norm / magnitude) : 0, RECORD_SCALE);
  store<f32>(record, norm, RECORD_RADIUS);
  const size = metric == METRIC_DOT ? load<f32>(record, RECORD_NORM) : norm;
  store<f32>(record, 0.5 * size * size, RECORD_BASE);
  store<f32>(record, metric == METRIC_DOT ? middleOf(row) : 0, RECORD_MIDDLE);
}

/** ⟨x, c⟩ − ½‖c‖² of a rotated row. */
function middleOf(row: usize): f32 {
  return dotRows(row, tables, paddedBytes()) - 0.5 * dotRows(tables, tables, paddedBytes());
}

/** Makes a stored node the probe, by its signs. */
export function probeSigns(record: usize): void {
  isNode = true;
  probe = codeOf(record);
  radius = load<f32>(record, RECORD_RADIUS);
  middle = load<f32>(record, RECORD_MIDDLE);
  perMiddle = 1;
}

/** Makes the row of a stored node the probe. Overwrites the frontier. */
export function probeRow(slot: u32): void {
  const row = rotated(rowAt(slot), factorOf(slot));
  middle = metric == METRIC_DOT ? middleOf(row) : 0;
  perMiddle = 1;
  subtractCentre(row);
  beginPlanes(row);
}

/** Makes a query's row the probe, normalised under COSINE. Returns ½‖y‖². Overwrites the frontier. */
export function probeQuery(query: usize): f32 {
  const row = rotated(query, 1);
  middle = metric == METRIC_DOT ? dotRows(row, tables, paddedBytes()) : 0;
  perMiddle = 0;
  if (metric != METRIC_DOT) subtractCentre(row);
  beginPlanes(row);
  return 0.5 * radius * radius;
}

function subtractCentre(row: usize): void {
  for (let at: usize = 0; at < paddedBytes(); at += 16) {
    v128.store(row + at, f32x4.sub(v128.load(row + at), v128.load(tables + at)));
  }
}

function beginPlanes(row: usize): void {
  isNode = false;
  probe = queryCode;
  radius = sqrt<f32>(dotRows(row, row, paddedBytes()));
  const peak = largest(row, dimension);
  step = peak < SMALLEST ? 0 : peak * (2 / MOST);
  whole = 0.5 * MOST * step * <f32>dimension;
  writePlanes(row, dimension, step, queryCode, codeBytes);
}

/**
 * Writes y, for a row and a step, as planes: of each component the number 0..15 by which it is less than the greatest,
 * 7.5 steps, bit by bit; for every 64 components a word of the least bits, and so on to the highest. Those after the last
 * component are zero. `bytes` is that of a code.
 */
export function writePlanes(row: usize, dimension: u32, step: f32, planes: usize, bytes: usize): void {
  const perStep = f32x4.splat(step > 0 ? 1 / step : 0);
  const half = f32x4.splat(0.5 * MOST), most = i32x4.splat(<i32>MOST), none = i32x4.splat(0);
  let to = planes;
  for (let word: usize = 0; word < bytes; word += 8, to += 32) {
    let b0: u64 = 0, b1: u64 = 0, b2: u64 = 0, b3: u64 = 0;
    const from = row + (word << 5);
    for (let i: usize = 0; i < 64; i += 4) {
      const below = f32x4.sub(half, f32x4.mul(v128.load(from + (i << 2)), perStep));
      const y = i32x4.min_s(most, i32x4.max_s(none, i32x4.trunc_sat_f32x4_s(f32x4.nearest(below))));
      b0 |= <u64>i32x4.bitmask(i32x4.shl(y, 31)) << i;
      b1 |= <u64>i32x4.bitmask(i32x4.shl(y, 30)) << i;
      b2 |= <u64>i32x4.bitmask(i32x4.shl(y, 29)) << i;
      b3 |= <u64>i32x4.bitmask(i32x4.shl(y, 28)) << i;
    }
    const first = <u32>word << 3;
    const used = first >= dimension ? 0 : dimension - first;
    const mask: u64 = used >= 64 ? <u64>-1 : ((<u64>1) << used) - 1;
    store<u64>(to, b0 & mask);
    store<u64>(to, b1 & mask, 8);
    store<u64>(to, b2 & mask, 16);
    store<u64>(to, b3 & mask, 24);
  }
}

/** Σ 2ʲ · (bits that differ between a code and plane j). */
export function differingPlanes(code: usize, planes: usize, bytes: usize): u32 {
  let d0: u64 = 0, d1: u64 = 0, d2: u64 = 0, d3: u64 = 0;
  const end = code + bytes;
  for (; code < end; code += 8, planes += 32) {
    const bits = load<u64>(code);
    d0 += popcnt<u64>(bits ^ load<u64>(planes));
    d1 += popcnt<u64>(bits ^ load<u64>(planes, 8));
    d2 += popcnt<u64>(bits ^ load<u64>(planes, 16));
    d3 += popcnt<u64>(bits ^ load<u64>(planes, 24));
  }
  return <u32>(d0 + (d1 << 1) + (d2 << 2) + (d3 << 3));
}

/** How many bits of two codes differ; `bytes` is a multiple of 16. */
export function differingBits(a: usize, b: usize, bytes: usize): u32 {
  let count: u64 = 0;
  for (let at: usize = 0; at < bytes; at += 16) {
    count += popcnt<u64>(load<u64>(a + at) ^ load<u64>(b + at)) + popcnt<u64>(load<u64>(a + at, 8) ^ load<u64>(b + at, 8));
  }
  return <u32>count;
}

/** About ⟨p, x⟩ where that is what keys are made of, else about ⟨p − c, x − c⟩. */
@inline
export function productWith(record: usize): f32 {
  const added = middle + perMiddle * load<f32>(record, RECORD_MIDDLE);
  if (isNode) {
    const share = <f32>differingBits(probe, codeOf(record), codeBytes) / <f32>dimension;
    return added + radius * load<f32>(record, RECORD_RADIUS) * cosineOf(1 - 2 * share);
  }
  return added + load<f32>(record, RECORD_SCALE) * (whole - step * <f32>differingPlanes(codeOf(record), probe, codeBytes));
}

/** By how much {@link productWith} may lie below what it estimates, if that is `product`. For queries. */
export function productSlack(product: f32, record: usize): f32 {
  const scale = load<f32>(record, RECORD_SCALE);
  const norm = load<f32>(record, RECORD_RADIUS);
  const size = <f32>dimension;
  const among = max<f32>(0, scale * scale * size - norm * norm) / (size - 1);
  const along = product - middle;
  const across = max<f32>(0, radius * radius - (norm > 0 ? (along / norm) * (along / norm) : 0));
  const rounded = (scale * scale * step * step * size) / 12;
  return DEVIATIONS * sqrt<f32>(among * across + rounded);
}
