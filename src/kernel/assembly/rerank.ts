/**
 * The last order: the nearest nodes of a walk are compared by row. A walk's keys are over codes, whose error is known,
 * so this ends at the first node that is too far off for its row to be among the k nearest: mostly after k and a few.
 */
import { entryAt, keyOf, slotOfEntry } from './heap';
import { putWord, wordIn } from './list';
import { BATCH_SLOTS } from './offsets';
import { binarySlack, codeKeyOf, keySlack } from './probe';
import { beginScan, farthest, scanSlots } from './scan';
import { isBinary, isLive, pool, recordAt, rowAt, rowBytes, rowsInMemory, slots } from './segment';

/** Nodes compared at a time after the first k. */
const STEP: u32 = 4;

/** Takes what is loaded only to be in the cache, so that no compiler drops the loads. */
let sink: u32 = 0;

/** Touches all lines of the rows of the first `count` listed slots, so that the cache misses of all overlap. */
function touchRows(count: u32): void {
  if (!rowsInMemory) return;
  let touched: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const row = rowAt(wordIn(slots, i));
    for (let at: usize = 0; at < rowBytes; at += 64) touched ^= load<u32>(row + at);
  }
  sink = touched;
}

/**
 * Scans the live ones of the pool's first `depth` entries, which ascend by their keys over codes, as far as they may be
 * among the `k` nearest by row. The scan's heap holds those then. Returns how many rows were compared.
 */
export function rerank(k: u32, depth: u32): u32 {
  beginScan(k);
  let live: u32 = 0;
  let step = min<u32>(k, BATCH_SLOTS);
  for (let i: u32 = 0; i < depth; step = STEP) {
    let listed: u32 = 0;
    for (; i < depth && listed < step; i++) {
      const entry = load<u64>(entryAt(pool, i));
      const slot = slotOfEntry(entry);
      const bound = codeKeyOf(farthest);
      if (isBinary) {
        if (keyOf(entry) - binarySlack(bound, recordAt(slot)) > bound) continue;
      } else if (keyOf(entry) - keySlack(keyOf(entry), recordAt(slot)) > bound) {
        depth = i;
        break;
      }
      if (isLive(slot)) putWord(slots, listed++, slot);
    }
    touchRows(listed);
    scanSlots(listed);
    live += listed;
  }
  return live;
}
