/**
 * Locks on nodes, one bit each, which threads that link nodes at once take against each other: for as long as a list of
 * links is changed, one at a time, never during a walk. Readers take none, and neither does the only writer of an
 * index that is in use.
 */
import { LOCKED_ROLE, RECORD_ROLE } from './offsets';
import { recordAt } from './segment';

/** Looks at a lock before a thread sleeps: a list is changed in about two microseconds. */
const SPINS: u32 = 1_000;

/** How long a thread then sleeps before it looks again, in nanoseconds: the holder may have lost its processor. */
const SLEEP_NS: i64 = 200_000;

/** Sleeps, ten seconds of them, after which the holder is taken to be dead. */
const MOST_SLEEPS: u32 = 50_000;

/** Whether other threads link nodes in this memory, too. */
let isShared: bool = false;

/** Says whether other threads may be linking nodes, too, from now on. */
export function shareLinking(shared: bool): void {
  isShared = shared;
}

/**
 * Takes the lock of a node, and sees all that was written by its holders before. Traps if it is not to be had: a thread
 * died in the middle of its work, and what all of them have built is lost.
 */
export function lockNode(slot: u32): void {
  if (!isShared) return;
  const role = recordAt(slot) + RECORD_ROLE;
  let sleeps: u32 = 0;
  for (let looks: u32 = 0; ; looks++) {
    const free = atomic.load<u32>(role) & ~(<u32>LOCKED_ROLE);
    if (atomic.cmpxchg<u32>(role, free, free | LOCKED_ROLE) == free) return;
    if (looks < SPINS) continue;
    if (++sleeps > MOST_SLEEPS) unreachable();
    atomic.wait<u32>(role, free | LOCKED_ROLE, SLEEP_NS);
  }
}

/** Gives the lock of a node back. */
export function unlockNode(slot: u32): void {
  if (!isShared) return;
  const role = recordAt(slot) + RECORD_ROLE;
  atomic.store<u32>(role, load<u32>(role) & ~(<u32>LOCKED_ROLE));
}
