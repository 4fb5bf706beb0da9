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
import { METRIC_COSINE, METRIC_DOT, METRIC_EUCLIDEAN, RECORD_BASE } from './offsets';
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

/** Whether the first `listed` slots of the list are all that there are from the first of them to the last. */
@inline
function isInLine(listed: u32): bool {
  return !isGraph && listed > 0 && wordIn(slots, listed - 1) - wordIn(slots, 0) == listed - 1;
}

/** Sums of the first `listed` slots of the zone's list, all of one block. */
export function sumCodes(listed: u32): void {
  if (isInLine(listed)) sumLine(codeAt(wordIn(slots, 0)), listed);
  else sumList(listed);
}

function sumLine(first: usize, count: u32): void {
  const bytes = codeBytes, wide = wideQuery, less = shift;
  const end = sums(count);
  let code = first;
  for (let out = sums(0); out < end; out += 4) {
    store<i32>(out, dotWide(code, wide, bytes) - less);
    code += bytes;
  }
}

function sumList(listed: u32): void {
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

/**
 * Drops of the first `listed` slots of the zone's list, and their sums, those whose key is certain to be above
 * `bound`; returns how many are left. The list needs room for three more.
 */
export function sieve(listed: u32, bound: f32): u32 {
  if (listed == 0) return 0;
  const inLine = isInLine(listed);
  const first = wordIn(slots, 0);
  for (let i: u32 = 0; i < 3; i++) putWord(slots, listed + i, first);
  const toScale = <isize>scaleAt(first) - <isize>normAt(first);
  const toResidual = <isize>residualAt(first) - <isize>normAt(first);
  const perSum = f32x4.splat(<f32>perProbe);
  const reach = f32x4.splat(<f32>(widestReach() * (1 + ROUNDINGS)));
  const error = f32x4.splat(<f32>(probeError * (1 + ROUNDINGS) + productRounding + ROUNDINGS));
  const least = f32x4.splat(leastKept(bound));
  const shrunk = f32x4.splat(<f32>(1 - ROUNDINGS)), twice = f32x4.splat(<f32>(2 * probeNorm));
  const byNorm = scalesByNorm();
  let kept: u32 = 0;
  for (let i: u32 = 0; i < listed; i += 4) {
    const numbers = normAt(first) + (<usize>i << 2);
    const norm = inLine ? v128.load(numbers) : gather(i, 0);
    let scale = inLine ? v128.load(numbers + toScale) : gather(i, toScale);
    const residual = inLine ? v128.load(numbers + toResidual) : gather(i, toResidual);
    if (byNorm) scale = f32x4.div(scale, norm);
    const product = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums(i))), perSum), scale);
    let value = f32x4.add(f32x4.add(product, f32x4.mul(residual, reach)), error);
    if (metric == METRIC_DOT) value = f32x4.mul(value, norm);
    else if (metric == METRIC_EUCLIDEAN) value = f32x4.mul(norm, f32x4.sub(f32x4.mul(twice, value), f32x4.mul(norm, shrunk)));
    let kin = <u32>~i32x4.bitmask(f32x4.lt(value, least)) & 15;
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
