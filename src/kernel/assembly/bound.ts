/**
 * What the code of a row says for certain about the key that a float32 scan would compute for the row.
 *
 * Let q be the probe's row, Q its norm, and v a stored row x times the inverse of its norm, both as they are stored:
 * ‖v‖ is 1 but for rounding. The code gives v̂ = w c, with the residual r = v − v̂; the probe's 16-bit code gives
 * q̂ = z / F with ‖q − q̂‖ = Q ε. With C = ⟨q̂, v̂⟩ / Q, which the scan computes without error but for float64's,
 *
 *     |⟨q, v⟩ / Q − C| ≤ ε ‖v̂‖ + |⟨q, r⟩| / Q,
 *
 * and ⟨q, r⟩ is split along c and across it (Cauchy and Schwarz on each part): with φ the angle between q and c and
 * α = ⟨r, c⟩ / ‖c‖, which is nearly 0 as w is chosen so, or for other reasons small,
 *
 *     |⟨q, r⟩| / Q ≤ |cos φ| |α| + sin φ ‖r‖ ≤ ρ √(1 − cos² φ + τ²)   where ρ² = ‖r‖² + α² / τ²,
 *
 * for any τ: so ρ is all that is stored. This is what makes the bound tight where it matters: for near rows sin φ is
 * small. cos φ is known from below, as |C| / ‖v̂‖ − ε. The float32 key differs from the true one by at most γ times what its
 * terms add up to, γ = (d / 16 + 64) 2⁻²⁴: sixteen sums of d / 16 terms each, and a few roundings more (Higham,
 * Accuracy and Stability of Numerical Algorithms, section 3.1). That needs products which do not leave float32, so
 * rows and probes of extreme norms have no bound: such a row has ρ = ∞ and is always compared by row.
 */
import { dotRowCode, squaredCode, squaredResidual } from './signedCode';
import { floatIn } from './list';
import { METRIC_COSINE, METRIC_DOT, METRIC_EUCLIDEAN } from './offsets';
import { codeBias, codeBytes, dimension, metric, query, wideQuery } from './segment';

/** Norms between these, or rows of zeros, have a bound. */
const LEAST_NORM: f64 = 1e-15;
const MOST_NORM: f64 = 1e15;

/** Half the distance from 1 to the next float32. */
const UNIT: f64 = 5.9604644775390625e-8;

/** Largest number in the probe's code, and largest sum of magnitudes: 127 times that is below 2³¹. */
const WIDE_RANGE: f64 = 32_767;
const WIDE_SUM: f64 = 16_800_000;

/** τ² for codes whose scale is the best one, where α is a rounding error, and for those of a scale that is not. */
const BEST_TURN: f64 = 9.5367431640625e-7;
const OTHER_TURN: f64 = 9.765625e-4;

/** Of the probe: Q, 1 / (F Q), ε, and bias · Σ z. */
export let probeNorm: f64 = 0;
export let perProbe: f64 = 0;
export let probeError: f64 = 0;
export let shift: i32 = 0;
/** γ, and what of it belongs to inner products before they are made keys. */
export let rounding: f64 = 0;
export let productRounding: f64 = 0;
let turn: f64 = 0;

/**
 * Makes the probe's row the probe for bounds. Returns false if it has none: its norm is extreme, or it holds a NaN.
 */
export function probeBound(): bool {
  let peak: f64 = 0, sum: f64 = 0, squares: f64 = 0;
  for (let i: u32 = 0; i < dimension; i++) {
    const x = abs<f64>(<f64>floatIn(query, i));
    peak = max<f64>(peak, x);
    sum += x;
    squares += x * x;
  }
  probeNorm = sqrt<f64>(squares);
  if (!(probeNorm >= LEAST_NORM && probeNorm <= MOST_NORM)) return false;
  const factor = min<f64>(WIDE_RANGE / peak, WIDE_SUM / sum);
  const residual = encodeWide(factor);
  perProbe = 1 / (factor * probeNorm);
  probeError = (residual / probeNorm) * (1 + 1e-9);
  rounding = (<f64>dimension / 16 + 64) * UNIT;
  productRounding = metric == METRIC_EUCLIDEAN ? 1e-14 : rounding;
  turn = turnOf();
  return true;
}

/** Writes the probe's 16-bit code, padded with zeros, and returns ‖q − q̂‖. */
function encodeWide(factor: f64): f64 {
  const perFactor = 1 / factor;
  let total: i32 = 0;
  let squares: f64 = 0;
  for (let i: u32 = 0; i < dimension; i++) {
    const x = <f64>floatIn(query, i);
    const z = nearest<f64>(x * factor);
    store<i16>(wideQuery + (<usize>i << 1), <i16><i32>z);
    total += <i32>z;
    const off = x - z * perFactor;
    squares += off * off;
  }
  memory.fill(wideQuery + (<usize>dimension << 1), 0, (codeBytes - <usize>dimension) << 1);
  shift = codeBias * total;
  return sqrt<f64>(squares);
}

@inline
function turnOf(): f64 {
  return codeBias == 0 ? BEST_TURN : OTHER_TURN;
}

/** C, of ⟨z, c⟩ and w. */
@inline
export function probeCosine(sum: i32, scale: f64): f64 {
  return <f64>sum * (perProbe * scale);
}

/** No key of a row with ‖x‖ = `size` is less than this, where its cosine is at most `cosine`. */
@inline
export function leastKey(cosine: f64, size: f64): f64 {
  if (metric == METRIC_COSINE) return -probeNorm * cosine;
  if (metric == METRIC_DOT) return -probeNorm * size * cosine;
  return (probeNorm * probeNorm + size * (size - 2 * probeNorm * cosine)) * (1 - rounding) - 4 * UNIT * size * size;
}

/** No key of a row with ‖x‖ = `size` is more than this, where its cosine is at least `cosine`. */
@inline
export function mostKey(cosine: f64, size: f64): f64 {
  if (metric != METRIC_EUCLIDEAN) return leastKey(cosine, size);
  return (probeNorm * probeNorm + size * (size - 2 * probeNorm * cosine)) * (1 + rounding) + 4 * UNIT * size * size;
}

/** A margin is at most ρ times this, and {@link probeError}, and {@link productRounding}. */
export function widestReach(): f64 {
  return sqrt<f64>(1 + turn) + probeError + 1e-6;
}

/** By how much the cosine can differ from C, for a row with this ρ and this ‖v̂‖, or more than that. */
export function marginOf(cosine: f64, residual: f64, length: f64): f64 {
  const known = length > 0 ? max<f64>(0, abs<f64>(cosine) / length - probeError) : 0;
  return residual * sqrt<f64>(max<f64>(0, 1 - known * known) + turn) + probeError * length + productRounding;
}

/**
 * The best scale w of a row's code, as float32: v̂ is the projection of v on it. 0 for a code of zeros. `factor` is
 * what makes v of the row.
 */
export function bestScale(row: usize, code: usize, rowBytes: usize, factor: f64): f32 {
  const squares = squaredCode(code, codeBytes, codeBias);
  return squares > 0 ? <f32>((dotRowCode(row, code, rowBytes, codeBias) * factor) / squares) : 0;
}

/** ρ of a row whose code has the scale `scale`, rounded up; ∞ for a row that has no bound. */
export function residualOf(row: usize, code: usize, rowBytes: usize, factor: f64, scale: f64): f32 {
  if (!(factor == 0 || (factor <= 1 / LEAST_NORM && factor >= 1 / MOST_NORM))) return Infinity;
  const squares = squaredCode(code, codeBytes, codeBias);
  let along: f64 = 0;
  if (squares > 0) {
    const length = sqrt<f64>(squares);
    along = (dotRowCode(row, code, rowBytes, codeBias) * factor) / length - scale * length;
  }
  const across = squaredResidual(row, code, rowBytes, codeBias, factor, scale);
  const residual = sqrt<f64>(across + (along * along) / turnOf()) * (1 + 1e-6) + 1e-12;
  return residual < 1e3 ? <f32>residual : Infinity;
}
