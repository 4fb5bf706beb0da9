/**
 * Sketches: of each node one bit a component, the sign of the rotated row about a centre (Gao & Long 2024, RaBitQ, arXiv
 * 2405.12497), and its distance from there. All of them stay in the cache, where a code is a miss, so that a scan of many
 * nodes costs some nanoseconds each; it leaves the nearest thousand or so to be compared by their codes.
 *
 * The angle that two rows make at the centre is about π · (differing bits) / (bits). Under COSINE rows are normalised first.
 */
import { dotRows } from './distance';
import { scaleRow } from './encode';
import {
  CENTRED_AT, FIRST_CENTRE, METRIC_COSINE, METRIC_DOT, NEXT_CENTRE_SHIFT, SKETCH_SCALE, SKETCH_WORDS_AT,
} from './offsets';
import { probeQueryRow } from './probe';
import { rotateRow } from './rotation';
import {
  dimension, frontier, metric, normAt, output, query, rowAt, rowBytes, seed, sketchAt, sketchBytes, tables,
} from './segment';

/** Rows that the centre is the mean of, at most. */
const MOST_AVERAGED: u32 = 8192;

/**
 * Standard deviations of the error of a sketch's key that are allowed for. With 3, no search finds more; with 1.5, recall@10
 * is up to .015 lower.
 */
const DEVIATIONS: f32 = 2;

/** Where the query's bits lie: behind the longest table of {@link probeSketches}, in the output of a search to be. */
@inline
function queryBits(): usize {
  return output + 98304;
}

/** Of the query's sketch: the factor of a squared radius in its keys. */
let perSquare: f32 = 0;
/** What makes a sketch's key, halved, one as those of measure; and how far that may be off, for a radius of 1. */
let keyOffset: f32 = 0;
let reach: f32 = 0;

/** Whether sketches may be compared: there are some, about a centre. */
@inline
export function hasSketches(): bool {
  return sketchBytes != 0 && atomic.load<u32>(CENTRED_AT) != 0;
}

/** Bytes of a row that is padded with zeros to whole words of bits; the centre is such a row, too. */
@inline
function paddedBytes(): usize {
  return (sketchBytes - SKETCH_WORDS_AT) << 5;
}

/** Copies a row to the scratch of this file, times a factor, and rotates it. The frontier is free but for scans. */
function rotated(row: usize, factor: f32): usize {
  for (let at: usize = 0; at < rowBytes; at += 16) v128.store(frontier + at, v128.load(row + at));
  memory.fill(frontier + rowBytes, 0, paddedBytes() - rowBytes);
  if (factor != 1) scaleRow(frontier, rowBytes, factor);
  rotateRow(frontier, dimension, seed);
  return frontier;
}

/** Σ |row − centre| of the row whose signs were written last. */
let magnitude: f32 = 0;

@inline
function sumOf(lanes: v128): f32 {
  return f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3));
}

/** Writes the signs of `row − centre` to `bits`, one a component, and returns the norm of it. */
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

@inline
function factorOf(slot: u32): f32 {
  return metric == METRIC_COSINE ? load<f32>(normAt(slot)) : 1;
}

/** Writes the sketch of a stored row about the centre. */
export function writeSketch(slot: u32): void {
  const row = rotated(rowAt(slot), factorOf(slot));
  const sketch = sketchAt(slot);
  const radius = writeSigns(row, tables, paddedBytes(), sketch + SKETCH_WORDS_AT);
  store<f32>(sketch, radius);
  store<f32>(sketch, magnitude > 0 ? (radius * radius) / magnitude : 0, SKETCH_SCALE);
}

/** Whether a centre is chosen (anew) before this slot is written. */
@inline
function isCentreDue(slot: u32): bool {
  return slot >= <u32>FIRST_CENTRE && popcnt<u32>(slot) == 1 && ctz<u32>(slot / FIRST_CENTRE) % NEXT_CENTRE_SHIFT == 0;
}

/**
 * Writes the sketch of a stored row that is not yet published. At some counts, each eight times the one before, it
 * first moves the centre to the mean of all rows and writes all sketches anew: rows often come sorted. Searches make
 * do without sketches meanwhile; one that is under way may miss some nodes.
 */
export function storeSketch(slot: u32): void {
  if (sketchBytes == 0) return;
  if (isCentreDue(slot)) {
    atomic.store<u32>(CENTRED_AT, 0);
    chooseCentre(slot);
    for (let i: u32 = 0; i < slot; i++) writeSketch(i);
    atomic.store<u32>(CENTRED_AT, 1);
  }
  if (load<u32>(CENTRED_AT) != 0) writeSketch(slot);
}

/**
 * Moves the centre to the mean of all rows if it is due while slots from `first` up to `end` are added. Then the sketches
 * of all of them are to be written; searches make do without until {@link admitSketches}. Returns whether it is.
 */
export function moveCentre(first: u32, end: u32): bool {
  let due: u32 = FIRST_CENTRE;
  while (due < first) due <<= NEXT_CENTRE_SHIFT;
  if (sketchBytes == 0 || due >= end) return false;
  atomic.store<u32>(CENTRED_AT, 0);
  chooseCentre(end);
  return true;
}

/** Whether an index of so many slots has a centre. */
@inline
export function isCentred(count: u32): bool {
  return sketchBytes != 0 && count > <u32>FIRST_CENTRE;
}

/** Says that all sketches of an index of so many slots are written. */
export function admitSketches(count: u32): void {
  if (isCentred(count)) atomic.store<u32>(CENTRED_AT, 1);
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

/** After probeQueryRow: makes the same row the probe of {@link sketchKey}. Overwrites the frontier and the output. */
export function probeSketches(): void {
  const row = rotated(query, 1);
  let centre = tables;
  if (metric == METRIC_DOT) {
    centre = row + paddedBytes();
    memory.fill(centre, 0, paddedBytes());
  }
  const radius = writeSigns(row, centre, paddedBytes(), queryBits());
  perSquare = metric == METRIC_DOT ? 0 : 1;
  keyOffset = metric == METRIC_DOT ? -dotRows(row, tables, paddedBytes()) : 0.5 * radius * radius;
  reach = DEVIATIONS * <f32>(Math.PI / 2) * radius / sqrt<f32>(<f32>dimension);
  const step: f32 = 2 / <f32>dimension;
  for (let bits: u32 = 0; bits <= dimension; bits++) {
    store<f32>(output + (<usize>bits << 2), 2 * radius * cosineOf(1 - <f32>bits * step));
  }
}

/** sin(π x / 2) for x from −1 to 1, to .0002: the cosine of the angle that a share of (1 − x) / 2 differing bits means. */
function cosineOf(x: f32): f32 {
  const square = x * x;
  return x * (1.5707963 + square * (-0.6459641 + square * (0.0796926 - square * 0.0046818)));
}

/** About the distance of a node from the probe, less what is the same for all: a key as those of measure. */
@inline
export function sketchKey(slot: u32): f32 {
  const sketch = sketchAt(slot);
  const end = sketch + sketchBytes;
  let at = sketch + SKETCH_WORDS_AT;
  let other = queryBits();
  let differing: u64 = 0;
  for (; at + 24 <= end; at += 24, other += 24) {
    differing += popcnt<u64>(load<u64>(at) ^ load<u64>(other)) + popcnt<u64>(load<u64>(at, 8) ^ load<u64>(other, 8)) +
      popcnt<u64>(load<u64>(at, 16) ^ load<u64>(other, 16));
  }
  for (; at < end; at += 8, other += 8) differing += popcnt<u64>(load<u64>(at) ^ load<u64>(other));
  const radius = load<f32>(sketch);
  return radius * (radius * perSquare - load<f32>(output + (<usize>differing << 2)));
}

/**
 * The least key over codes that a node is likely to have, for the key of its sketch: {@link DEVIATIONS} below that. A share p
 * of the bits is off by √(p (1 − p) / bits), and the angle by π times that; what is near is off by less.
 */
@inline
export function leastCodeKey(slot: u32, key: f32): f32 {
  return 0.5 * key + keyOffset - reach * load<f32>(sketchAt(slot));
}

/** {@link leastCodeKey} of a slot for the query row. For tests. */
export function leastSketched(slot: u32): f32 {
  probeQueryRow();
  probeSketches();
  return leastCodeKey(slot, sketchKey(slot));
}
