/** The pool of a walk: entries in ascending order, each marked once its node has been expanded. */
import { entryAt } from './heap';
import { pool } from './segment';

/**
 * Inserts an entry into `size` ascending ones, of which at most `limit` are kept: the last falls out when there is no
 * room. Returns the place, or `limit` if the entry is not among the kept.
 */
export function insertEntry(size: u32, limit: u32, entry: u64): u32 {
  if (size == limit && entry >= load<u64>(entryAt(pool, size - 1))) return limit;
  let at = entryAt(pool, min(size, limit - 1));
  for (; at > pool; at -= 8) {
    const before = load<u64>(at - 8);
    if (before < entry) break;
    store<u64>(at, before);
  }
  store<u64>(at, entry);
  return <u32>((at - pool) >>> 3);
}
