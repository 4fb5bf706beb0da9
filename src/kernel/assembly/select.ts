/**
 * Selection among the points of a tree that is being built: rows of `bytes` bytes in a line, and beside them a list of
 * 32-bit words (whose point it is), moved together.
 */

@inline
function component(points: usize, bytes: usize, axis: u32, index: i32): f32 {
  return load<f32>(points + <usize>index * bytes + (<usize>axis << 2));
}

/** Exchanges two points and their words. */
function exchange(points: usize, order: usize, bytes: usize, i: i32, j: i32): void {
  const a = points + <usize>i * bytes;
  const b = points + <usize>j * bytes;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const kept = v128.load(a + at);
    v128.store(a + at, v128.load(b + at));
    v128.store(b + at, kept);
  }
  for (; at < bytes; at += 4) {
    const kept = load<u32>(a + at);
    store<u32>(a + at, load<u32>(b + at));
    store<u32>(b + at, kept);
  }
  const first = order + (<usize>i << 2);
  const second = order + (<usize>j << 2);
  const kept = load<u32>(first);
  store<u32>(first, load<u32>(second));
  store<u32>(second, kept);
}

@inline
function median(a: f32, b: f32, c: f32): f32 {
  return max<f32>(min<f32>(a, b), min<f32>(max<f32>(a, b), c));
}

/**
 * Moves the points from `from` up to `end` (not included) so that none before `nth` has a greater component on `axis`
 * than any from there on (Hoare's selection, 1961). The pivot is the median of three places that a fixed sequence
 * draws, so no order of the data is a bad one, and equal ones stop both pointers, so that many of them halve the
 * range, too. Components are finite. O(end − from) on average.
 */
export function selectPoints(
  points: usize, order: usize, bytes: usize, from: u32, end: u32, nth: u32, axis: u32,
): void {
  let low = <i32>from;
  let high = <i32>end - 1;
  let state: u32 = 0x9e3779b9;
  while (low < high) {
    const width = <u32>(high - low + 1);
    state = state * 1664525 + 1013904223;
    const a = component(points, bytes, axis, low + <i32>((state >>> 8) % width));
    state = state * 1664525 + 1013904223;
    const b = component(points, bytes, axis, low + <i32>((state >>> 8) % width));
    const pivot = median(a, b, component(points, bytes, axis, low + <i32>(width >>> 1)));
    let i = low;
    let j = high;
    while (i <= j) {
      while (component(points, bytes, axis, i) < pivot) i++;
      while (component(points, bytes, axis, j) > pivot) j--;
      if (i > j) break;
      exchange(points, order, bytes, i++, j--);
    }
    if (<i32>nth <= j) high = j;
    else if (<i32>nth >= i) low = i;
    else return;
  }
}

/** Of more points than this, the widest axis is that of so many, evenly taken. */
const SAMPLED_POINTS: u32 = 1024;

/** The axis on which the points from `from` up to `end` extend the farthest. O(min(1,024, end − from) · dimension). */
export function widestAxis(points: usize, bytes: usize, dimension: u32, from: u32, end: u32): u32 {
  const step = max<u32>(1, (end - from) / SAMPLED_POINTS);
  let widest: u32 = 0;
  let width: f32 = -1;
  for (let axis: u32 = 0; axis < dimension; axis++) {
    let least: f32 = Infinity;
    let most: f32 = -Infinity;
    for (let i = from; i < end; i += step) {
      const x = component(points, bytes, axis, i);
      least = min<f32>(least, x);
      most = max<f32>(most, x);
    }
    if (most - least > width) {
      width = most - least;
      widest = axis;
    }
  }
  return widest;
}
