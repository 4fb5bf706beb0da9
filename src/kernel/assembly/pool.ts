/** The pool of a walk: entries in ascending order, each marked once its node has been expanded. */
import { entryAt } from './heap';
import { pool } from './segment';

/**
 * Inserts an entry into `size` ascending ones, of which at most `limit` are kept: the last falls out when there is no
 * room. Returns the place, or `limit` if the entry is not among the kept.
 */
export function insertEntry(size: u32, limit: u32, entry: u64): u32 {
  if (size == limit && entry >= load<u64>(entryAt(pool, size - 1))) return limit;
  let low: u32 = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u64>(entryAt(pool, middle)) < entry) low = middle + 1;
    else high = middle;
  }
  const place = entryAt(pool, low);
  for (let at = entryAt(pool, min(size, limit - 1)); at > place; at -= 8) store<u64>(at, load<u64>(at - 8));
  store<u64>(place, entry);
  return low;
}
