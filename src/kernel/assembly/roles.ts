/** What a node's role says besides the number of its children. */
import { DETACHED_ROLE, RECORD_ROLE, TWIN_ROLE } from './offsets';
import { recordAt } from './segment';

/** Whether a consolidation has taken the tombstone out of the graph. */
@inline
export function isDetached(slot: u32): bool {
  return (load<u32>(recordAt(slot), RECORD_ROLE) & <u32>DETACHED_ROLE) != 0;
}

/** Whether the slot stands behind another one of equal code. */
@inline
export function isTwin(slot: u32): bool {
  return (load<u32>(recordAt(slot), RECORD_ROLE) & <u32>TWIN_ROLE) != 0;
}
