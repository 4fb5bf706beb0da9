/**
 * The shortlist: of the admitted slots, about so many whose sketches are nearest to the query's. A histogram of keys says
 * from which key on a slot cannot be among them, so that nearly all are passed over after one comparison.
 */
import { admittedEnd, listAdmitted } from './admission';
import { BLOCK_SLOTS, FRONTIER_ENTRIES } from './offsets';
import { putWord, wordIn } from './list';
import { sketchKey } from './sketch';
import { frontier, keys, sketchAt, sketchBytes, slots } from './segment';

/** Keys are counted in so many steps, from somewhat below the least of the first ones to the greatest. */
const STEPS: u32 = 1024;
/** So many keys come before the steps are known. */
const FIRST_KEYS: u32 = 1024;

/** Sketches are fetched so many slots ahead, so that their cache misses overlap. */
const AHEAD: u32 = 12;

/** Takes what is loaded only to be in the cache, so that no compiler drops the loads. */
let sink: u32 = 0;

/** Slots listed in the frontier, each with its key. */
let listed: u32 = 0;
/** Where the first of them lies. */
let first: u32 = 0;
/** What is not below it is no longer listed. */
let threshold: f32 = Infinity;
let least: f32 = 0;
let perStep: f32 = 0;
/** The step below the threshold, and how many keys have been counted up to there. */
let last: u32 = 0;
let counted: u32 = 0;

@inline
function entryAddress(index: u32): usize {
  return frontier + (<usize>index << 3);
}

@inline
function stepOf(key: f32): u32 {
  const step = (key - least) * perStep;
  return step > 0 ? <u32>min<f32>(<f32>(STEPS - 1), step) : 0;
}

/** Chooses the steps from the first keys. */
function beginCounting(most: u32): void {
  let low: f32 = Infinity;
  let high: f32 = -Infinity;
  for (let i: u32 = 0; i < listed; i++) {
    const key = load<f32>(entryAddress(i));
    low = min(low, key);
    high = max(high, key);
  }
  const spread = high - low;
  least = low - 0.5 * spread;
  perStep = spread > 0 ? <f32>STEPS / (1.5 * spread) : 0;
  last = STEPS - 1;
  counted = 0;
  memory.fill(keys, 0, STEPS << 2);
  for (let i: u32 = 0; i < listed; i++) count(load<f32>(entryAddress(i)), most);
}

/** Counts a key, and lowers the threshold if `most` are counted without its last step. */
@inline
function count(key: f32, most: u32): void {
  const step = min(stepOf(key), last);
  putWord(keys, step, wordIn(keys, step) + 1);
  counted++;
  while (last > 0 && counted - wordIn(keys, last) >= most) {
    counted -= wordIn(keys, last);
    threshold = least + <f32>last / perStep;
    last--;
  }
}

/** Drops what has come not to be below the threshold. Returns how many are left. */
function compact(): u32 {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < listed; i++) {
    const entry = load<u64>(entryAddress(i));
    if (!(load<f32>(entryAddress(i)) < threshold)) continue;
    store<u64>(entryAddress(kept++), entry);
  }
  return kept;
}

/**
 * Lists about `most` of the admitted slots in the frontier, ascending by slot: for each a key (f32), then the slot (u32).
 * Returns their number; where very many have the same key, some of those are left out. `most` is at least 1.
 */
export function listNearest(most: u32): u32 {
  listed = 0;
  first = 0;
  threshold = Infinity;
  perStep = 0;
  for (let from: u32 = 0; from < admittedEnd; from += BLOCK_SLOTS) {
    const admitted = listAdmitted(from, min(from + BLOCK_SLOTS, admittedEnd));
    for (let i: u32 = 0; i < admitted; i++) {
      const coming = sketchAt(wordIn(slots, min(i + AHEAD, admitted - 1)));
      sink ^= load<u32>(coming) ^ load<u32>(coming + sketchBytes - 4);
      consider(wordIn(slots, i), most);
    }
  }
  listed = compact();
  return listed;
}

/** Lists a slot if its sketch is near enough. */
@inline
function consider(slot: u32, most: u32): void {
  const key = sketchKey(slot);
  if (!(key < threshold)) return;
  if (listed == FRONTIER_ENTRIES && (listed = compact()) == FRONTIER_ENTRIES) return;
  store<f32>(entryAddress(listed), key);
  store<u32>(entryAddress(listed), slot, 4);
  listed++;
  if (perStep > 0) count(key, most);
  else if (listed == FIRST_KEYS) beginCounting(most);
}

/**
 * Puts the listed into ascending order by key, but for what differs by less than a step: behind themselves in the
 * frontier, where there is room. What is listed is there afterwards.
 */
export function orderListed(): void {
  if (listed > <u32>(FRONTIER_ENTRIES / 2)) return;
  memory.fill(keys, 0, STEPS << 2);
  for (let i: u32 = 0; i < listed; i++) {
    const step = stepOf(load<f32>(entryAddress(i)));
    putWord(keys, step, wordIn(keys, step) + 1);
  }
  let before = listed;
  for (let step: u32 = 0; step < STEPS; step++) {
    const inStep = wordIn(keys, step);
    putWord(keys, step, before);
    before += inStep;
  }
  for (let i: u32 = 0; i < listed; i++) {
    const step = stepOf(load<f32>(entryAddress(i)));
    const place = wordIn(keys, step);
    putWord(keys, step, place + 1);
    store<u64>(entryAddress(place), load<u64>(entryAddress(i)));
  }
  first = listed;
}

/** The slot of an entry of the shortlist. */
@inline
export function shortlisted(index: u32): u32 {
  return load<u32>(entryAddress(first + index), 4);
}

/** The key of its sketch. */
@inline
export function shortlistedKey(index: u32): f32 {
  return load<f32>(entryAddress(first + index));
}
