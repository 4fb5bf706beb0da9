/**
 * The arithmetic of a tree's leaves and nodes, over float32 in vertical order. A leaf is `dimension × 32` floats, one
 * line per dimension; a node has boxes of four children, for each dimension their four least components and their four
 * greatest. Absent points and children are NaN, which compares as false.
 */
import { multiplyAdd } from './distance';
import { LEAF_POINTS } from './offsets';

/** Bytes of one dimension of a leaf. */
const LINE: usize = LEAF_POINTS * 4;
/** Bytes of one dimension of a node. */
const EDGES: usize = 32;

@inline
function squared(line: usize, x: v128, sum: v128): v128 {
  const difference = f32x4.sub(v128.load(line), x);
  return multiplyAdd(difference, difference, sum);
}

@inline
function within(sum: v128, limit: v128): u32 {
  return <u32>i32x4.bitmask(f32x4.le(sum, limit));
}

@inline
function product(line: usize, x: v128, sum: v128): v128 {
  return multiplyAdd(v128.load(line), x, sum);
}

/** Adds one dimension of four points. `isProduct` is known where this is inlined, so that there is no branch. */
@inline
function added(isProduct: bool, line: usize, x: v128, sum: v128): v128 {
  return isProduct ? product(line, x, sum) : squared(line, x, sum);
}

@inline
function leafKeys(isProduct: bool, leaf: usize, query: usize, dimension: u32, limit: f32, out: usize): u32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  let line = leaf;
  const end = query + (<usize>dimension << 2);
  for (let at = query; at < end; at += 4) {
    const x = isProduct ? f32x4.neg(v128.load32_splat(at)) : v128.load32_splat(at);
    s0 = added(isProduct, line, x, s0);
    s1 = added(isProduct, line + 16, x, s1);
    s2 = added(isProduct, line + 32, x, s2);
    s3 = added(isProduct, line + 48, x, s3);
    s4 = added(isProduct, line + 64, x, s4);
    s5 = added(isProduct, line + 80, x, s5);
    s6 = added(isProduct, line + 96, x, s6);
    s7 = added(isProduct, line + 112, x, s7);
    line += LINE;
  }
  return keepLeaf(s0, s1, s2, s3, s4, s5, s6, s7, limit, out);
}

/**
 * Writes the squared distances between a query and the 32 points of a leaf to `out` (f32 × 32). Returns a bit for each
 * point that is at most `limit` away.
 */
export function leafDistances(leaf: usize, query: usize, dimension: u32, limit: f32, out: usize): u32 {
  return leafKeys(false, leaf, query, dimension, limit, out);
}

/** As {@link leafDistances}, with inner products, negated. */
export function leafProducts(leaf: usize, query: usize, dimension: u32, limit: f32, out: usize): u32 {
  return leafKeys(true, leaf, query, dimension, limit, out);
}

@inline
function keepLeaf(
  s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128, limit: f32, out: usize,
): u32 {
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
  const most = f32x4.splat(limit);
  return (
    within(s0, most) | (within(s1, most) << 4) | (within(s2, most) << 8) | (within(s3, most) << 12) |
    (within(s4, most) << 16) | (within(s5, most) << 20) | (within(s6, most) << 24) | (within(s7, most) << 28)
  );
}

/** The squared distances between a query and the four boxes of a node; 0 within a box. */
@inline
export function boxDistances(node: usize, query: usize, dimension: u32): v128 {
  let sum = f32x4.splat(0);
  let edges = node;
  const end = query + (<usize>dimension << 2);
  for (let at = query; at < end; at += 4) {
    const x = v128.load32_splat(at);
    const below = f32x4.sub(v128.load(edges), x);
    const above = f32x4.sub(x, v128.load(edges, 16));
    const outside = f32x4.pmax(f32x4.pmax(below, above), f32x4.splat(0));
    sum = multiplyAdd(outside, outside, sum);
    edges += EDGES;
  }
  return sum;
}

/** The greatest inner products, negated, that a query can have with points in the four boxes of a node. */
@inline
export function boxProducts(node: usize, query: usize, dimension: u32): v128 {
  let sum = f32x4.splat(0);
  let edges = node;
  const end = query + (<usize>dimension << 2);
  for (let at = query; at < end; at += 4) {
    const x = v128.load32_splat(at);
    sum = f32x4.add(sum, f32x4.pmax(f32x4.mul(x, v128.load(edges)), f32x4.mul(x, v128.load(edges, 16))));
    edges += EDGES;
  }
  return f32x4.neg(sum);
}

/** Turns `count` rows of a leaf, which lie in a line, into lines of dimensions. `scratch` has room for the leaf. */
export function transposeLeaf(leaf: usize, dimension: u32, count: u32, scratch: usize): void {
  memory.copy(scratch, leaf, <usize>count * (<usize>dimension << 2));
  for (let axis: u32 = 0; axis < dimension; axis++) {
    const line = leaf + <usize>axis * LINE;
    for (let i: u32 = 0; i < <u32>LEAF_POINTS; i++) {
      const x: f32 = i < count ? load<f32>(scratch + ((<usize>i * <usize>dimension + <usize>axis) << 2)) : NaN;
      store<f32>(line + (<usize>i << 2), x);
    }
  }
}

/** Makes the box around the points of a leaf that of a node's child. */
export function boxLeaf(leaf: usize, node: usize, child: u32, dimension: u32): void {
  for (let axis: u32 = 0; axis < dimension; axis++) {
    const line = leaf + <usize>axis * LINE;
    let least = f32x4.splat(Infinity);
    let most = f32x4.splat(-Infinity);
    for (let at: usize = 0; at < LINE; at += 16) {
      const points = v128.load(line + at);
      least = f32x4.pmin(least, points);
      most = f32x4.pmax(most, points);
    }
    storeEdges(node, axis, child, least, most);
  }
}

/** Makes the box around a node's children that of its parent's child. */
export function boxNode(node: usize, parent: usize, child: u32, dimension: u32): void {
  for (let axis: u32 = 0; axis < dimension; axis++) {
    const edges = node + <usize>axis * EDGES;
    const least = f32x4.pmin(f32x4.splat(Infinity), v128.load(edges));
    const most = f32x4.pmax(f32x4.splat(-Infinity), v128.load(edges, 16));
    storeEdges(parent, axis, child, least, most);
  }
}

@inline
function storeEdges(node: usize, axis: u32, child: u32, least: v128, most: v128): void {
  const edges = node + <usize>axis * EDGES + (<usize>child << 2);
  const low = f32x4.min(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
  const high = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  store<f32>(edges, min<f32>(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)));
  store<f32>(edges, max<f32>(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), 16);
}
