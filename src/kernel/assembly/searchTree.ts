/**
 * Searches of a KD_TREE: best bin first (Beis & Lowe 1997), with the box around a branch as its bound, so that a branch
 * is as far away as its points and not as the planes that cut it off.
 *
 * Answers are those of the exact scan, ties included. Leaves and boxes are compared in float32, which is off by at most
 * (dimension + 4) · 2⁻²⁴ of what is summed up, and the scan's own keys are as well. So everything is taken into account
 * that is not farther than the k-th by more than four times that, and the final order is that of the scan's keys, which
 * are computed from the rows for just these few.
 */
import { report } from './exact';
import { entryAt, entryOf, keyOf, popGreatest, pushEntry, replaceGreatest, slotOfEntry } from './heap';
import { boxDistances, boxProducts, leafDistances, leafProducts } from './leaf';
import { floatIn, hasBit, putFloat, putWord, wordIn } from './list';
import {
  BATCH_SLOTS, LEAF_POINTS, METRIC_COSINE, METRIC_EUCLIDEAN, TABLED_AT,
} from './offsets';
import { addCompared, clearCompared, probeQueryRow } from './probe';
import { beginScan, endScan, keptCount, scanFrom, scanSlots } from './scan';
import {
  allowedBits, branches, dimension, frontier, isLive, keys, metric, NO_MASK, pool, publishedCount, query, scratch, slots,
} from './segment';
import { leafAt, nodeAt, order, peak, points, readTree, top } from './tree';

/** What a float32 sum of `n` terms may be off by, four times, is (n + 4) · 2⁻²² of their magnitudes. */
const FOUR_ROUNDINGS: f32 = 1.0 / 4_194_304.0;
/** The same for what products lose that leave the range of float32. */
const SMALLEST_SLACK: f32 = 1e-42;
/** A query with greater components is answered by a scan, for sums of them could overflow. */
const LARGEST_COMPONENT: f32 = 1e15;

/** Of the slots below, only those in the zone's bitmap are found, and none from there on; or NO_MASK. */
let allowedEnd: u32 = NO_MASK;
/** The heap of the `wanted` nearest so far lies in the pool; farther than `limit` none needs to be. */
let wanted: u32 = 0;
let nearest: u32 = 0;
let limit: f32 = Infinity;
/** limit = the k-th key · factor + slack. */
let factor: f32 = 1;
let slack: f32 = 0;
/** Candidates in the zone's list, with their keys, and how many have been compared by row. */
let candidates: u32 = 0;
let reranked: u32 = 0;
let waiting: u32 = 0;

/** Fixes the slack for the query; false if its components are too large. */
function measureSlack(): bool {
  const unit = <f32>(dimension + 4) * FOUR_ROUNDINGS;
  let sum: f32 = 0;
  for (let i: u32 = 0; i < dimension; i++) {
    const magnitude = abs<f32>(floatIn(query, i));
    if (!(magnitude <= LARGEST_COMPONENT)) return false;
    sum += magnitude;
  }
  factor = metric == METRIC_EUCLIDEAN ? 1 + 2 * unit : 1;
  slack = SMALLEST_SLACK;
  if (metric == METRIC_COSINE) slack += 2 * unit;
  else if (metric != METRIC_EUCLIDEAN) slack += sum * peak * unit;
  return true;
}

@inline
function narrow(): void {
  if (nearest == wanted) limit = keyOf(load<u64>(pool)) * factor + slack;
}

@inline
function remember(entry: u64): void {
  if (nearest < wanted) pushEntry(pool, nearest++, entry);
  else if (entry < load<u64>(pool)) replaceGreatest(pool, wanted, entry);
  narrow();
}

/** Drops the candidates that have turned out to be too far, and compares the rest by row if they are many, or at last. */
function settle(last: bool): void {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < candidates; i++) {
    const key = floatIn(keys, i);
    if (!(key <= limit)) continue;
    putWord(slots, kept, wordIn(slots, i));
    putFloat(keys, kept++, key);
  }
  candidates = kept;
  if (!last && kept <= <u32>BATCH_SLOTS / 2) return;
  scanSlots(kept);
  reranked += kept;
  candidates = 0;
}

@inline
function mayReturn(slot: u32): bool {
  return (allowedEnd == NO_MASK || (slot < allowedEnd && hasBit(allowedBits, slot))) && isLive(slot);
}

function scanLeaf(leaf: u32): void {
  const at = leafAt(leaf);
  const first = leaf * LEAF_POINTS;
  addCompared(min<u32>(LEAF_POINTS, points - first));
  let near = metric == METRIC_EUCLIDEAN
    ? leafDistances(at, query, dimension, limit, scratch)
    : leafProducts(at, query, dimension, limit, scratch);
  for (; near != 0; near &= near - 1) {
    const lane = ctz<u32>(near);
    const key = floatIn(scratch, lane);
    if (key > limit) continue;
    const slot = wordIn(order, first + lane);
    if (!mayReturn(slot)) continue;
    putWord(slots, candidates, slot);
    putFloat(keys, candidates++, key);
    remember(entryOf(key, slot));
    if (candidates == <u32>BATCH_SLOTS) settle(false);
  }
}

/** The least keys that points in a node's children can have; NaN for the children that it lacks. */
@inline
function boundsOf(level: u32, index: u32): v128 {
  const node = nodeAt(level, index);
  if (metric == METRIC_EUCLIDEAN) return boxDistances(node, query, dimension);
  if (metric != METRIC_COSINE) return boxProducts(node, query, dimension);
  // On the unit sphere −⟨q, x⟩ = ½‖q − x‖² − 1. Zero vectors have 0, which is no less than this either.
  return f32x4.sub(f32x4.mul(boxDistances(node, query, dimension), f32x4.splat(0.5)), f32x4.splat(1));
}

/** Goes down from a node to the leaf that is nearest by bounds, and has the branches that it passes wait. */
function descend(level: u32, index: u32): void {
  while (level > 0) {
    v128.store(scratch, boundsOf(level, index));
    let best: f32 = Infinity;
    let chosen: u32 = 4;
    level--;
    for (let child: u32 = 0; child < 4; child++) {
      const bound = floatIn(scratch, child);
      if (!(bound <= limit)) continue;
      if (chosen == 4) {
        best = bound;
        chosen = child;
        continue;
      }
      const nearer = bound < best;
      const branch = entryOf(nearer ? best : bound, (((index << 2) | (nearer ? chosen : child)) << 4) | level);
      pushEntry(branches, waiting++, ~branch);
      if (nearer) {
        best = bound;
        chosen = child;
      }
    }
    if (chosen == 4) return;
    index = (index << 2) | chosen;
  }
  scanLeaf(index);
  visited++;
}

/** Leaves scanned. */
let visited: u32 = 0;

/** Goes through the tree until nothing waits that could be nearer, or `leafLimit` leaves have been scanned and k found. */
function explore(leafLimit: u32): void {
  waiting = 0;
  descend(top, 0);
  while (waiting > 0 && (visited < leafLimit || nearest < wanted)) {
    const branch = ~popGreatest(branches, waiting--);
    if (keyOf(branch) > limit) return;
    const place = slotOfEntry(branch);
    descend(place & 15, place >>> 4);
  }
}

/** Compares the points by row that are in no leaf. */
function scanLeafless(tabled: u32): void {
  let listed: u32 = 0;
  for (let i = points; i < tabled; i++) {
    const slot = wordIn(order, i);
    if (mayReturn(slot)) putWord(slots, listed++, slot);
    if (listed == <u32>BATCH_SLOTS) {
      scanSlots(listed);
      listed = 0;
    }
  }
  scanSlots(listed);
}

/**
 * The search for the `k` nearest to the query row, masked as searchExactly is. Exact unless there is a `leafLimit`:
 * then it ends after so many leaves if it has found k. Slots that the tables do not cover are compared first. Leaves
 * the results in the zone's output and returns their number.
 */
export function searchTree(k: u32, mask: u32, leafLimit: u32): u32 {
  const tabled = atomic.load<u32>(TABLED_AT);
  const end = min(publishedCount(), mask);
  readTree(tabled);
  clearCompared();
  probeQueryRow();
  beginScan(k);
  allowedEnd = mask;
  visited = 0;
  reranked = 0;
  candidates = 0;
  const isTree = tabled > 0 && measureSlack();
  scanFrom(isTree ? tabled : 0, end, mask != NO_MASK);
  if (isTree) {
    scanLeafless(tabled);
    wanted = k;
    nearest = keptCount();
    limit = Infinity;
    for (let i: u32 = 0; i < nearest; i++) store<u64>(entryAt(pool, i), load<u64>(entryAt(frontier, i)));
    narrow();
    if (points > 0) explore(leafLimit);
    settle(true);
  }
  report(visited, reranked);
  return endScan();
}
