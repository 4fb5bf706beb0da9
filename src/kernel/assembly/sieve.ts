/**
 * The first look at the codes of a list of slots: four bounds at a time in float32, loose enough to be certain in spite
 * of its rounding. What it lets through gets the tight bound of bound.ts.
 */
import {
  leastKey, marginOf, mostKey, perProbe, probeBound, probeCosine, probeError, probeNorm, productRounding, rounding, shift,
  widestReach,
} from './bound';
import { putWord, wordIn } from './list';
import { probeQueryRow } from './probe';
import { BLOCK_SLOTS, METRIC_COSINE, METRIC_DOT, METRIC_EUCLIDEAN, RECORD_BASE } from './offsets';
import { dotWide } from './signedCode';
import {
  codeAt, codeBytes, isGraph, keys, metric, normAt, recordAt, residualAt, scaleAt, slots, wideQuery,
} from './segment';

/** A few roundings in float32, relative to what is rounded; half of it covers what is rounded here. */
const ROUNDINGS: f64 = 1.9073486328125e-6;

/** Lists with gaps are fetched this many codes ahead; a full block streams by itself. */
const AHEAD: u32 = 4;

/** ‖v̂‖ as computed here may be too small by its rounding. */
const ROUNDED_UP: f64 = 1.000001;

let sink: u32 = 0;

/** Where the sum of the list's slot `i` lies: i32, ⟨z, c⟩ with the probe's 16-bit code. */
@inline
export function sums(i: u32): usize {
  return keys + (<usize>i << 2);
}

/** The numbers of a slot as bound.ts wants them: of v, which is the row times 1 / ‖x‖. */
@inline
export function codeScale(slot: u32): f64 {
  const scale = <f64>load<f32>(scaleAt(slot));
  return scalesByNorm() ? scale / max<f64>(codeNorm(slot), 1e-300) : scale;
}

/** Whether a stored scale is that of the row itself and not of v. */
@inline
function scalesByNorm(): bool {
  return isGraph && metric != METRIC_COSINE;
}

@inline
export function codeNorm(slot: u32): f64 {
  return <f64>load<f32>(normAt(slot));
}

@inline
export function codeResidual(slot: u32): f64 {
  return <f64>load<f32>(residualAt(slot));
}

/** ‖v̂‖, or a little more. */
@inline
export function codeLength(slot: u32): f64 {
  if (!isGraph) return ROUNDED_UP;
  const length = sqrt<f64>(2 * <f64>load<f32>(recordAt(slot), RECORD_BASE)) * ROUNDED_UP;
  return metric == METRIC_COSINE ? length : length / max<f64>(codeNorm(slot), 1e-300);
}

/**
 * Sums of the first `listed` slots of the zone's list. Codes are touched before their turn, for lists with gaps defeat
 * what the processor fetches by itself.
 */
export function sumList(listed: u32): void {
  const bytes = codeBytes, wide = wideQuery, less = shift;
  for (let i: u32 = 0; i < listed; i++) {
    const coming = codeAt(wordIn(slots, min(i + AHEAD, listed - 1)));
    for (let at: usize = 0; at < bytes; at += 64) sink ^= load<u32>(coming + at);
    store<i32>(sums(i), dotWide(codeAt(wordIn(slots, i)), wide, bytes) - less);
  }
}

/** Four float32 numbers of four slots of the list, from list index `i` on: at the same distance from their norms. */
@inline
function gather(i: u32, offset: isize): v128 {
  const at = slots + (<usize>i << 2);
  const first = v128.load32_zero(normAt(load<u32>(at)) + offset);
  const second = v128.load32_lane(normAt(load<u32>(at, 4)) + offset, first, 1);
  const third = v128.load32_lane(normAt(load<u32>(at, 8)) + offset, second, 2);
  return v128.load32_lane(normAt(load<u32>(at, 12)) + offset, third, 3);
}

/** The greatest possible cosines of four slots, made values as {@link leastKept} says. */
@inline
function valuesOf(sum: v128, scale: v128, residual: v128, norm: v128): v128 {
  const product = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.splat(unitPerSum)), scale);
  const cosine = f32x4.add(f32x4.add(product, f32x4.mul(residual, f32x4.splat(reach))), f32x4.splat(slack));
  if (metric == METRIC_COSINE) return cosine;
  if (metric == METRIC_DOT) return f32x4.mul(cosine, norm);
  const shrunk = f32x4.mul(norm, f32x4.splat(<f32>(1 - ROUNDINGS)));
  return f32x4.mul(norm, f32x4.sub(f32x4.mul(f32x4.splat(twiceNorm), cosine), shrunk));
}

/** Of the probe, as {@link valuesOf} wants it. */
let unitPerSum: f32 = 0;
let reach: f32 = 0;
let slack: f32 = 0;
let twiceNorm: f32 = 0;

/** After probeBound: makes its probe that of sieves. */
export function probeSieve(): void {
  unitPerSum = <f32>perProbe;
  reach = <f32>(widestReach() * (1 + ROUNDINGS));
  slack = <f32>(probeError * (1 + ROUNDINGS) + productRounding + ROUNDINGS);
  twiceNorm = <f32>(2 * probeNorm);
}

/**
 * Drops of the first `listed` slots of the zone's list, and their sums, those whose key is certain to be above
 * `bound`; returns how many are left. The list needs room for three more.
 */
export function sieveList(listed: u32, bound: f32): u32 {
  if (listed == 0) return 0;
  const first = wordIn(slots, 0);
  for (let i: u32 = 0; i < 3; i++) putWord(slots, listed + i, first);
  const toScale = <isize>scaleAt(first) - <isize>normAt(first);
  const toResidual = <isize>residualAt(first) - <isize>normAt(first);
  const least = f32x4.splat(leastKept(bound));
  const byNorm = scalesByNorm();
  let kept: u32 = 0;
  for (let i: u32 = 0; i < listed; i += 4) {
    const norm = gather(i, 0);
    const stored = gather(i, toScale);
    const scale = byNorm ? f32x4.div(stored, norm) : stored;
    const values = valuesOf(v128.load(sums(i)), scale, gather(i, toResidual), norm);
    let kin = <u32>~i32x4.bitmask(f32x4.lt(values, least)) & 15;
    if (listed - i < 4) kin &= (1 << (listed - i)) - 1;
    for (; kin != 0; kin &= kin - 1) {
      const from = i + ctz<u32>(kin);
      putWord(slots, kept, wordIn(slots, from));
      store<i32>(sums(kept++), load<i32>(sums(from)));
    }
  }
  return kept;
}

/**
 * Sums of `count` rows that follow each other. One loop for all of them: the processor sees its loads as one stream and
 * fetches ahead. Written out for four rows at a time, 100,000 × 768 take 4.5 ms in place of 3.4.
 */
function sumLine(first: usize, count: u32): void {
  const bytes = codeBytes, wide = wideQuery;
  const end = sums(count);
  let code = first;
  for (let out = sums(0); out < end; out += 4) {
    store<i32>(out, dotWide(code, wide, bytes));
    code += bytes;
  }
}

/**
 * Lists those of `count` slots from `first` on, live ones without records and all of one block, whose key is not
 * certain to be above `bound`, with their sums, and returns their number.
 */
export function sieveLine(first: u32, count: u32, bound: f32): u32 {
  sumLine(codeAt(first), count);
  const least = f32x4.splat(leastKept(bound));
  const toScale = <isize>scaleAt(first) - <isize>normAt(first);
  const toResidual = <isize>residualAt(first) - <isize>normAt(first);
  let numbers = normAt(first);
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i += 4) {
    const scale = v128.load(numbers + toScale), residual = v128.load(numbers + toResidual);
    const values = valuesOf(v128.load(sums(i)), scale, residual, v128.load(numbers));
    let kin = <u32>~i32x4.bitmask(f32x4.lt(values, least)) & 15;
    numbers += 16;
    // What lies behind the last slot is of the same block, and not yet published.
    if (count - i < 4) kin &= (1 << (count - i)) - 1;
    for (; kin != 0; kin &= kin - 1) {
      const from = i + ctz<u32>(kin);
      putWord(slots, kept, first + from);
      store<i32>(sums(kept++), load<i32>(sums(from)));
    }
  }
  return kept;
}

/**
 * What the value of a slot must be for its key to be possibly at or below the bound: the value is the greatest possible
 * cosine; under DOT times the norm; under EUCLIDEAN ‖x‖ (2 Q cos − ‖x‖), which is Q² less the squared distance.
 */
function leastKept(bound: f32): f32 {
  const key = <f64>bound;
  const value = metric == METRIC_EUCLIDEAN
    ? probeNorm * probeNorm - key / (1 - rounding)
    : -key / probeNorm;
  return <f32>(value - abs<f64>(value) * ROUNDINGS - 1e-36);
}

/**
 * Writes the least and the most that a slot's key can be for the query row (f64 × 2) to `out`. Returns 0 if there are no
 * bounds. For tests.
 */
export function keyBounds(slot: u32, out: usize): u32 {
  probeQueryRow();
  const residual = codeResidual(slot);
  if (!probeBound() || !(residual < Infinity)) return 0;
  const cosine = probeCosine(dotWide(codeAt(slot), wideQuery, codeBytes) - shift, codeScale(slot));
  const margin = marginOf(cosine, residual, codeLength(slot));
  store<f64>(out, leastKey(cosine + margin, codeNorm(slot)));
  store<f64>(out, mostKey(cosine - margin, codeNorm(slot)), 8);
  return 1;
}
