/** Ascending `ordinals` without those that are also in ascending `removed`. */
export function without(ordinals: Uint32Array, removed: Uint32Array): Uint32Array {
  const kept = new Uint32Array(ordinals.length);
  let count = 0;
  let next = 0;
  for (const ordinal of ordinals) {
    while ((removed[next] ?? Number.POSITIVE_INFINITY) < ordinal) next++;
    if (removed[next] !== ordinal) kept[count++] = ordinal;
  }
  return kept.subarray(0, count);
}
