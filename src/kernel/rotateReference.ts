/** The random rotations of assembly/rotate.ts in plain TypeScript and float64, for the tests that compare the two. */

function mix(x: number): number {
  let mixed = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** What the signs are multiplied by, 1 or −1, of `size` floats. */
export function signs(size: number, seed: number): number[] {
  const lanes = [0x9e3779b9, 0x3c6ef372, 0xdaa66d2b, 0x78dde6e4].map((salt) => mix((seed + salt) | 0) | 1);
  const result: number[] = [];
  while (result.length < size) {
    lanes.forEach((state, lane) => {
      let next = state ^ (state << 13);
      next ^= next >>> 17;
      lanes[lane] = next ^ (next << 5);
    });
    for (let bit = 0; bit < 8; bit++) result.push(...lanes.map((state) => (state << bit < 0 ? -1 : 1)));
  }
  return result;
}

/** The Walsh–Hadamard transform of a list whose length is a power of two, not normalised. */
export function hadamard(values: readonly number[]): number[] {
  const half = values.length / 2;
  if (half < 1) return [...values];
  const first = hadamard(values.slice(0, half));
  const second = hadamard(values.slice(half));
  return [...first.map((x, i) => x + (second[i] ?? 0)), ...first.map((x, i) => x - (second[i] ?? 0))];
}

/** Twice the axis that a vector is nearest to, and one more for the negative end; the first of equal ones. */
export function nearestAxis(values: readonly number[]): number {
  const lengths = values.map(Math.abs);
  const axis = lengths.indexOf(Math.max(...lengths));
  return 2 * axis + ((values[axis] ?? 0) < 0 ? 1 : 0);
}
