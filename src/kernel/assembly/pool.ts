/** The pool of a walk: entries in ascending order, each marked once its node has been expanded. */
import { entryAt } from './heap';
import { FRONTIER_ENTRIES } from './offsets';
import { frontier, pool } from './segment';

/** Bytes of the entries that are moved together while all of them are behind the place: eight entries. */
const MOVED_BYTES: usize = 64;

/**
 * Inserts an entry into `size` ascending ones, of which at most `limit` are kept: the last falls out when there is no
 * room. Returns the place, or `limit` if the entry is not among the kept.
 */
export function insertEntry(size: u32, limit: u32, entry: u64): u32 {
  if (size == limit && entry >= load<u64>(entryAt(pool, size - 1))) return limit;
  let at = entryAt(pool, min(size, limit - 1));
  const wide = pool + MOVED_BYTES;
  while (at >= wide && load<u64>(at - MOVED_BYTES) >= entry) {
    at -= MOVED_BYTES;
    const e01 = v128.load(at), e23 = v128.load(at, 16), e45 = v128.load(at, 32), e67 = v128.load(at, 48);
    v128.store(at, e01, 8);
    v128.store(at, e23, 24);
    v128.store(at, e45, 40);
    v128.store(at, e67, 56);
  }
  for (; at > pool; at -= 8) {
    const before = load<u64>(at - 8);
    if (before < entry) break;
    store<u64>(at, before);
  }
  store<u64>(at, entry);
  return <u32>((at - pool) >>> 3);
}

/** Entries that fell out of the pool of a walk that may want them back; they lie in the frontier, in no order. */
let spilled: u32 = 0;
let isSpilling: bool = false;

/** Says whether {@link keepEntry} keeps what falls out of the pool; forgets what it has kept. */
export function spillInto(kept: bool): void {
  isSpilling = kept;
  spilled = 0;
}

/** As {@link insertEntry}, but what falls out is kept for {@link takeBack} in a walk that may want it. */
export function keepEntry(size: u32, limit: u32, entry: u64): u32 {
  if (!isSpilling || size < limit) return insertEntry(size, limit, entry);
  const last = load<u64>(entryAt(pool, limit - 1));
  const place = insertEntry(size, limit, entry);
  if (spilled < <u32>FRONTIER_ENTRIES) store<u64>(entryAt(frontier, spilled++), place == limit ? entry : last);
  return place;
}

/** Puts into a pool that has become larger what had fallen out of it. Returns how many it holds then. */
export function takeBack(size: u32, limit: u32): u32 {
  const count = spilled;
  spilled = 0;
  for (let i: u32 = 0; i < count; i++) {
    keepEntry(size, limit, load<u64>(entryAt(frontier, i)));
    if (size < limit) size++;
  }
  return size;
}
