import { NO_SLOT } from '../kernel/assembly/offsets.ts';
import type { Segment } from './segment.ts';

/**
 * Counts the nodes of a graph that no walk on level 0 can reach from the entry, by breadth-first search over links
 * and twins, but not over tombstones that are no longer part of it. Zero at all times, after any inserts, removals and
 * steps of a consolidation; a check, O(nodes · links). Writer only.
 */
export function countUnreachable(segment: Segment): number {
  const { kernel, list, count } = segment;
  if (count === 0) return 0;
  const isReached = new Uint8Array(count);
  const queue = new Uint32Array(count);
  let reached = 0;
  const reach = (slot: number): void => {
    if (isReached[slot] === 1 || kernel.isAttached(slot) === 0) return;
    isReached[slot] = 1;
    queue[reached++] = slot;
  };
  reach(segment.entry);
  for (let next = 0; next < reached; next++) {
    const slot = queue[next] ?? 0;
    const links = kernel.linksOf(slot, 0);
    for (let i = 0; i < links; i++) reach(list[i] ?? 0);
    const twin = kernel.twinOf(slot) >>> 0;
    if (twin !== NO_SLOT) reach(twin);
  }
  return countAttached(segment) - reached;
}

function countAttached({ kernel, count }: Segment): number {
  let attached = 0;
  for (let slot = 0; slot < count; slot++) attached += kernel.isAttached(slot);
  return attached;
}

/**
 * Counts the links that lead from the graph to tombstones that are no longer part of it: none after a consolidation. Twins
 * stand behind the graph: they may have chosen links on upper layers, over which no walk ever goes.
 */
export function countStrays({ kernel, list, count }: Segment): number {
  let strays = 0;
  for (let slot = 0; slot < count; slot++) {
    if (kernel.isAttached(slot) === 0 || kernel.isHidden(slot) === 1) continue;
    for (let level = 0; level <= kernel.layerOf(slot); level++) {
      const links = kernel.linksOf(slot, level);
      for (let i = 0; i < links; i++) strays += 1 - kernel.isAttached(list[i] ?? 0);
    }
  }
  return strays;
}
