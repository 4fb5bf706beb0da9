/** The ordinals `first, first + 1, …`. */
export function ordinalsFrom(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => first + i);
}
