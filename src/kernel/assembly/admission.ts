/** Who may be returned: the zone's bitmap, narrowed to what is live when the search begins. */
import { hasBit, putWord } from './list';
import { BLOCK_SHIFT, BLOCK_SLOTS } from './offsets';
import { allowedBits, allowedWord, publishedCount, slots, tombstonesAt } from './segment';

/** Slots from here on are not admitted. */
export let admittedEnd: u32 = 0;

/** Whether the search may return the slot. Call {@link admit} first. */
@inline
export function admits(slot: u32): bool {
  return slot < admittedEnd && hasBit(allowedBits, slot);
}

/**
 * Begins a search among the slots of the zone's bitmap, which speaks of those below `end`: takes the tombstones out of
 * it and returns how many slots are left.
 */
export function admit(end: u32): u32 {
  admittedEnd = min(end, publishedCount());
  let admitted: u32 = 0;
  for (let first: u32 = 0; first < admittedEnd; first += BLOCK_SLOTS) {
    admitted += admitBlock(first, min<u32>(BLOCK_SLOTS, admittedEnd - first));
  }
  return admitted;
}

/** {@link admit} for the first `count` slots of a block. */
function admitBlock(first: u32, count: u32): u32 {
  const bits = allowedBits + ((<usize>(first >>> BLOCK_SHIFT) * BLOCK_SLOTS) >>> 3);
  const tombstones = tombstonesAt(first);
  const whole: usize = (count >>> 7) << 4;
  let sum = i16x8.splat(0);
  for (let at: usize = 0; at < whole; at += 16) {
    const live = v128.andnot(v128.load(bits + at), v128.load(tombstones + at));
    v128.store(bits + at, live);
    sum = i16x8.add(sum, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(live)));
  }
  const pairs = i32x4.extadd_pairwise_i16x8_u(sum);
  let admitted = <u32>(
    (i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) + i32x4.extract_lane(pairs, 2) +
      i32x4.extract_lane(pairs, 3))
  );
  for (let slot: u32 = <u32>whole << 3; slot < count; slot += 32) {
    const at: usize = (slot >>> 5) << 2;
    let live = load<u32>(bits + at) & ~load<u32>(tombstones + at);
    if (count - slot < 32) live &= (1 << (count - slot)) - 1;
    store<u32>(bits + at, live);
    admitted += popcnt<u32>(live);
  }
  return admitted;
}

/** Lists the admitted slots from `from`, a multiple of 32, up to `end`; returns their number. */
export function listAdmitted(from: u32, end: u32): u32 {
  let listed: u32 = 0;
  for (let first = from; first < end; first += 32) {
    for (let bits = allowedWord(first); bits != 0; bits &= bits - 1) {
      putWord(slots, listed++, first + ctz<u32>(bits));
    }
  }
  return listed;
}
