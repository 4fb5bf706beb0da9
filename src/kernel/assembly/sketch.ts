/**
 * Sketches: of each node one bit a component, the sign of the rotated row about a centre (Gao & Long 2024, RaBitQ, arXiv
 * 2405.12497), and its distance from there. All of them stay in the cache, where a code is a miss, so that a scan of many
 * nodes costs some nanoseconds each; it leaves the nearest thousand or so to be compared by their codes.
 *
 * The angle that two rows make at the centre is about π · (differing bits) / (bits). Under COSINE rows are normalised first.
 */
import { dotRows } from './distance';
import { METRIC_DOT, SKETCH_SCALE, SKETCH_WORDS_AT } from './offsets';
import { probeQueryRow } from './probe';
import { dimension, metric, output, query, rowAt, sketchAt, sketchBytes, tables } from './segment';
import { cosineOf, factorOf, magnitude, paddedBytes, rotated, writeSigns } from './signs';

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

/** Writes the sketch of a stored row about the centre. */
export function writeSketch(slot: u32): void {
  const row = rotated(rowAt(slot), factorOf(slot));
  const sketch = sketchAt(slot);
  const radius = writeSigns(row, tables, paddedBytes(), sketch + SKETCH_WORDS_AT);
  store<f32>(sketch, radius);
  store<f32>(sketch, magnitude > 0 ? (radius * radius) / magnitude : 0, SKETCH_SCALE);
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
