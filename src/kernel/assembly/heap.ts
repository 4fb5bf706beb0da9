/**
 * Entries and the heap of them. An entry is a 64-bit word, key before slot before a mark, so that comparing words
 * compares keys first: sortable(key) << 32 | slot << 1 | mark.
 */

/** A float's bits such that unsigned order is numeric order. NaN, where products left float32, counts as infinity. */
@inline
function sortable(key: f32): u32 {
  const bits = reinterpret<u32>(key == key ? key : <f32>Infinity);
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

/** The inverse of {@link sortable}. */
@inline
export function keyOf(entry: u64): f32 {
  const bits = <u32>(entry >> 32);
  return reinterpret<f32>(bits ^ (<u32>(<i32>~bits >> 31) | 0x80000000));
}

@inline
export function entryOf(key: f32, slot: u32): u64 {
  return (<u64>sortable(key) << 32) | (<u64>slot << 1);
}

@inline
export function slotOfEntry(entry: u64): u32 {
  return <u32>entry >>> 1;
}

@inline
export function entryAt(heap: usize, index: u32): usize {
  return heap + (<usize>index << 3);
}

/** Adds an entry to a max-heap of `size` entries. */
export function pushEntry(heap: usize, size: u32, entry: u64): void {
  let at = size;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    const above = load<u64>(entryAt(heap, parent));
    if (above >= entry) break;
    store<u64>(entryAt(heap, at), above);
    at = parent;
  }
  store<u64>(entryAt(heap, at), entry);
}

/** Puts an entry in the place of the greatest of a max-heap of `size` entries. */
export function replaceGreatest(heap: usize, size: u32, entry: u64): void {
  let at: u32 = 0;
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= size) break;
    let below = load<u64>(entryAt(heap, child));
    if (child + 1 < size) {
      const right = load<u64>(entryAt(heap, child + 1));
      if (right > below) {
        below = right;
        child++;
      }
    }
    if (below <= entry) break;
    store<u64>(entryAt(heap, at), below);
    at = child;
  }
  store<u64>(entryAt(heap, at), entry);
}

/** Takes the greatest entry out of a max-heap of `size` entries. */
export function popGreatest(heap: usize, size: u32): u64 {
  const greatest = load<u64>(heap);
  if (size > 1) replaceGreatest(heap, size - 1, load<u64>(entryAt(heap, size - 1)));
  return greatest;
}

/** Turns a max-heap into an ascending array, in place. */
export function sortHeap(heap: usize, size: u32): void {
  for (let left = size; left > 1; left--) store<u64>(entryAt(heap, left - 1), popGreatest(heap, left));
}
