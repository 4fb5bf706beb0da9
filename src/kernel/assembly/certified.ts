/**
 * The exact scan over codes: the same slots and keys as scanFrom finds, at about a quarter of its memory traffic.
 *
 * One pass computes for every slot the least and the most that its key can be (bound.ts), keeps the k least of the
 * latter, and lists the slots whose least is not above the greatest of these: no other can be among the k nearest.
 * Then rows are compared, in ascending order of their least keys, until that exceeds the k-th key found.
 */
import { leastKey, marginOf, mostKey, probeBound, probeCosine } from './bound';
import { entryAt, entryOf, keyOf, popGreatest, pushEntry, replaceGreatest, slotOfEntry } from './heap';
import { putWord, wordIn } from './list';
import { BLOCK_SLOTS, POOL_ENTRIES } from './offsets';
import { areLive, beginScan, farthest, listLive, scanSlots } from './scan';
import { codeBytes, frontier, isBinary, isGraph, pool, slots, touchRow } from './segment';
import {
  codeLength, codeNorm, codeResidual, codeScale, probeSieve, sieveLine, sieveList, sumList, sums,
} from './sieve';

/** Most results that are searched for over codes; for more, nearly every slot would have to be listed. */
const MOST_RESULTS: u32 = 2048;
/** Scans of fewer slots for each result are not worth it, for the same reason. */
const LEAST_SHARE: u32 = 8;
/** Slots of the first group; as the bound gets better they grow to whole blocks. */
const FIRST_SLOTS: u32 = 64;
/** Rows are fetched in such groups, so that their cache misses overlap. */
const GROUP: u32 = 8;

/** The k least of the greatest keys, in the frontier's place (a max-heap), and the undecided slots, in the pool's. */
let size: u32 = 0;
let limit: u32 = 0;
let undecided: u32 = 0;
/** Slots whose key is certain to be above are decided. */
let bound: f32 = Infinity;
/** Codes and rows compared by the last scan. */
export let comparedCodes: u32 = 0;
export let comparedRows: u32 = 0;

/** Takes what is loaded only to be in the cache, so that no compiler drops the loads. */
let sink: u32 = 0;

/**
 * Scans for the `k` nearest to the probe among the live slots from `start`, a multiple of
 * BLOCK_SLOTS, up to `count`; with `masked`, those alone that the
 * zone's bitmap allows. The results are in the scan's heap; see endScan. Returns false, with nothing found, if that is
 * not possible over codes: there are none, the probe has no bound, or more slots are undecided than fit into the pool.
 */
export function scanCertified(k: u32, start: u32, count: u32, masked: bool): bool {
  comparedCodes = 0;
  if (codeBytes == 0 || isBinary || k > MOST_RESULTS || count <= start) return false;
  if ((count - start) / LEAST_SHARE < k || !probeBound()) return false;
  probeSieve();
  size = 0;
  limit = k;
  undecided = 0;
  bound = Infinity;
  let width = FIRST_SLOTS;
  for (let from: u32 = start; from < count; ) {
    const end = min(from + width, count);
    if (!considerAll(sieveSlots(from, end, masked))) return false;
    if (from - start >= width && width < <u32>BLOCK_SLOTS) width <<= 1;
    from = end;
  }
  decide();
  rerank(k);
  return true;
}

/** Lists the slots between, all of one block, that may be among the nearest; returns their number. */
function sieveSlots(from: u32, end: u32, masked: bool): u32 {
  if (!masked && !isGraph && areLive(from, end)) {
    comparedCodes += end - from;
    return sieveLine(from, end - from, bound);
  }
  const listed = listLive(from, end, masked);
  comparedCodes += listed;
  sumList(listed);
  return sieveList(listed, bound);
}

/** Bounds the keys of the first `listed` slots of the zone's list. Returns false if the pool is full of undecided slots. */
function considerAll(listed: u32): bool {
  for (let i: u32 = 0; i < listed; i++) {
    const slot = wordIn(slots, i);
    const residual = codeResidual(slot);
    let least: f32 = -Infinity;
    if (residual < Infinity) {
      const cosine = probeCosine(load<i32>(sums(i)), codeScale(slot));
      const margin = marginOf(cosine, residual, codeLength(slot));
      const norm = codeNorm(slot);
      least = <f32>leastKey(cosine + margin, norm);
      if (least > bound) continue;
      noteMost(entryOf(<f32>mostKey(cosine - margin, norm), slot));
    }
    if (undecided == <u32>POOL_ENTRIES) {
      decide();
      if (undecided > <u32>POOL_ENTRIES / 2) return false;
    }
    store<u64>(entryAt(pool, undecided++), entryOf(least, slot));
  }
  return true;
}

/** Keeps the k least of the greatest keys; the greatest of them is the bound. */
function noteMost(entry: u64): void {
  if (size < limit) pushEntry(frontier, size++, entry);
  else if (entry < load<u64>(frontier)) replaceGreatest(frontier, limit, entry);
  if (size == limit) bound = keyOf(load<u64>(frontier));
}

/** Drops the slots that the bound has decided by now. */
function decide(): void {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < undecided; i++) {
    const entry = load<u64>(entryAt(pool, i));
    if (!(keyOf(entry) > bound)) store<u64>(entryAt(pool, kept++), entry);
  }
  undecided = kept;
}

/** Compares the rows of the undecided slots, as long as one can be among the `k` nearest. */
function rerank(k: u32): void {
  comparedRows = 0;
  // Complements make the max-heap one that gives the least first.
  for (let i: u32 = 0; i < undecided; i++) pushEntry(pool, i, ~load<u64>(entryAt(pool, i)));
  beginScan(k);
  let left = undecided;
  while (left > 0 && !(keyOf(~load<u64>(pool)) > farthest)) {
    let listed: u32 = 0;
    while (left > 0 && listed < GROUP && !(keyOf(~load<u64>(pool)) > farthest)) {
      const slot = slotOfEntry(~popGreatest(pool, left--));
      sink ^= touchRow(slot);
      putWord(slots, listed++, slot);
    }
    comparedRows += listed;
    scanSlots(listed);
  }
}
