import type { Bitmap } from '../indexes/Bitmap.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';

/** Which of ascending ordinals lie in slots that a filter lets through, by their places among the ordinals. */
export function allowedBy(
  index: VectorIndex,
  slots: Bitmap,
): (ordinals: readonly number[]) => (at: number) => boolean {
  return (ordinals) => {
    const found = index.slotsOf(Uint32Array.from(ordinals));
    if (found.length === ordinals.length) return (at) => slots.has(found[at] as number);
    // The index does not hold all of them, or not yet: so each is asked for by itself.
    return (at) => {
      const [slot] = index.slotsOf(Uint32Array.of(ordinals[at] as number));
      return slot !== undefined && slots.has(slot);
    };
  };
}
