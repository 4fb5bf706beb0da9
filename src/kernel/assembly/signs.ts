/**
 * The signs of rotated rows about a centre: what sketches and binary codes are made of (Gao & Long 2024, RaBitQ, arXiv
 * 2405.12497). The centre is the mean of the rows, rotated as they are; it lies in the tables. Under COSINE rows are
 * normalised first.
 */
import { scaleRow } from './encode';
import {
  CENTRED_AT, FIRST_BINARY_CENTRE, FIRST_CENTRE, LAST_CENTRE, METRIC_COSINE, NEXT_CENTRE_SHIFT,
} from './offsets';
import { rotateRow } from './rotation';
import { bitBytes, dimension, frontier, isBinary, metric, normAt, rowAt, rowBytes, seed, tables } from './segment';

/** Rows that the centre is the mean of, at most. */
const MOST_AVERAGED: u32 = 8192;

/** Bytes of a row that is padded with zeros to whole words of bits; the centre is such a row, too. */
@inline
export function paddedBytes(): usize {
  return bitBytes << 5;
}

/** Copies a row to the frontier, which is free but for scans, times a factor, and rotates it. */
export function rotated(row: usize, factor: f32): usize {
  for (let at: usize = 0; at < rowBytes; at += 16) v128.store(frontier + at, v128.load(row + at));
  memory.fill(frontier + rowBytes, 0, paddedBytes() - rowBytes);
  if (factor != 1) scaleRow(frontier, rowBytes, factor);
  rotateRow(frontier, dimension, seed);
  return frontier;
}

/** Σ |row − centre| of the row whose signs were written last. */
export let magnitude: f32 = 0;

@inline
function sumOf(lanes: v128): f32 {
  return f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3));
}

/** Writes the signs of `row − centre` to `bits`, one a component, set where it is negative, and returns the norm of it. */
export function writeSigns(row: usize, centre: usize, bytes: usize, bits: usize): f32 {
  let squares = f32x4.splat(0);
  let magnitudes = squares;
  for (let word: usize = 0; word < bytes; word += 256) {
    let signs: u64 = 0;
    for (let at: usize = 0; at < 256; at += 16) {
      const difference = f32x4.sub(v128.load(row + word + at), v128.load(centre + word + at));
      squares = f32x4.add(squares, f32x4.mul(difference, difference));
      magnitudes = f32x4.add(magnitudes, f32x4.abs(difference));
      signs |= <u64>i32x4.bitmask(difference) << (at >>> 2);
    }
    store<u64>(bits + (word >>> 5), signs);
  }
  magnitude = sumOf(magnitudes);
  return sqrt<f32>(sumOf(squares));
}

/** What a stored row is multiplied by before it is rotated. */
@inline
export function factorOf(slot: u32): f32 {
  return metric == METRIC_COSINE ? load<f32>(normAt(slot)) : 1;
}

/** Whether the signs of rows are kept in an index of so many slots; those of sketches wait for a centre. */
@inline
export function hasSigns(count: u32): bool {
  return bitBytes != 0 && (isBinary || count > <u32>FIRST_CENTRE);
}

/** Whether the centre is moved before this slot is written: at some counts, each eight times the one before, up to the last. */
export function isCentreDue(slot: u32): bool {
  const first: u32 = isBinary ? FIRST_BINARY_CENTRE : FIRST_CENTRE;
  if (slot < first || slot > <u32>LAST_CENTRE || popcnt<u32>(slot) != 1 || ctz<u32>(slot / first) % NEXT_CENTRE_SHIFT != 0) return false;
  return load<u32>(CENTRED_AT) != slot;
}

/** Whether it is while slots from `first` up to `end` are added. A build that begins with slot 0 always moves it. */
export function isCentreDueWithin(first: u32, end: u32): bool {
  let due: u32 = isBinary ? FIRST_BINARY_CENTRE : FIRST_CENTRE;
  while (due < first) due <<= NEXT_CENTRE_SHIFT;
  return due < end && due <= <u32>LAST_CENTRE;
}

/**
 * Moves the centre to the mean of the first `count` rows. All signs are to be written then, up to {@link admitSigns}. Both this
 * and the reader's last look at CENTRED_AT read and write it, so that one comes before the other (docs/concurrency.md).
 */
export function moveCentre(count: u32): void {
  atomic.xchg<u32>(CENTRED_AT, 0);
  chooseCentre(count);
}

/**
 * Says that the signs of all of so many slots are written about the centre. That is zero for the few binary codes that come
 * before it is moved for the first time.
 */
export function admitSigns(count: u32): void {
  if (hasSigns(count) && load<u32>(CENTRED_AT) == 0) atomic.store<u32>(CENTRED_AT, count);
}

/** Makes the mean of the first `count` rows (or of some, evenly spread), rotated, the centre. */
function chooseCentre(count: u32): void {
  memory.fill(tables, 0, paddedBytes());
  const step = (count + MOST_AVERAGED - 1) / MOST_AVERAGED;
  const weight = <f32>step / <f32>count;
  for (let slot: u32 = 0; slot < count; slot += step) {
    const row = rowAt(slot);
    const factor = f32x4.splat(weight * factorOf(slot));
    for (let at: usize = 0; at < rowBytes; at += 16) {
      v128.store(tables + at, f32x4.add(v128.load(tables + at), f32x4.mul(v128.load(row + at), factor)));
    }
  }
  rotateRow(tables, dimension, seed);
}

/** sin(π x / 2) for x from −1 to 1, to .0002: the cosine of the angle that a share of (1 − x) / 2 differing bits means. */
export function cosineOf(x: f32): f32 {
  const square = x * x;
  return x * (1.5707963 + square * (-0.6459641 + square * (0.0796926 - square * 0.0046818)));
}
