/** Twins: nodes with the same code, of which one stands in the graph and the others hang behind it in a list. */
import { isDetached } from './roles';
import { sameBytes } from './encode';
import { lockNode, unlockNode } from './lock';
import { RECORD_PARENT, RECORD_ROLE, RECORD_SCALE, RECORD_TWIN, TWINS_AT, TWIN_ROLE } from './offsets';
import { codeBytes, codeOf, isBinary, lastTwinAt, none, recordAt, rowAt, rowBytes } from './segment';
import { keyOfSlot, pooledKey, pooledSlot } from './walk';

/** Whether walks cannot tell two nodes apart. */
function areTwins(a: u32, b: u32): bool {
  const x = recordAt(a);
  const y = recordAt(b);
  if (codeBytes == 0) return sameBytes(rowAt(a), rowAt(b), rowBytes);
  if (load<f32>(x, RECORD_SCALE) != load<f32>(y, RECORD_SCALE)) return false;
  if (!sameBytes(codeOf(x), codeOf(y), codeBytes)) return false;
  // Rows that are far apart, but farther from the centre, may have the same signs.
  return !isBinary || sameBytes(rowAt(a), rowAt(b), rowBytes);
}

/** A node among the pool's first `count` entries, part of the graph, that is the same to walks as `slot`, the probe; or NO_SLOT. */
export function findTwin(slot: u32, count: u32): u32 {
  const key = keyOfSlot(slot);
  for (let i: u32 = 0; i < count; i++) {
    const other = pooledSlot(i);
    if (pooledKey(i) == key && !isDetached(other) && areTwins(slot, other)) return other;
  }
  return none();
}

/**
 * Hangs a node behind the one that it equals. Thousands of equal nodes would otherwise fill each other's lists and
 * cut themselves, and what lies behind them, off from the rest; now one of them stands in the graph for all. The
 * new one is put last, so that a reader with an older horizon still sees every twin before it.
 */
export function appendTwin(original: u32, slot: u32): void {
  const head = recordAt(original);
  const record = recordAt(slot);
  store<u32>(record, original, RECORD_PARENT);
  store<u32>(record, <u32>TWIN_ROLE, RECORD_ROLE);
  atomic.add<u32>(TWINS_AT, 1);
  lockNode(original);
  const last = load<u32>(lastTwinAt(original));
  store<u32>(last == none() ? head : recordAt(last), slot, RECORD_TWIN);
  store<u32>(lastTwinAt(original), slot);
  unlockNode(original);
}
