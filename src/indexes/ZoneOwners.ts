import { threadId } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { OWNERS_AT } from '../kernel/assembly/offsets.ts';
import { zoneCount } from './zoneLayout.ts';

/** Which thread holds which zone of a segment's memory: a word for each, the thread's id and 1, or 0 while it is free. */
export class ZoneOwners {
  readonly #owners: Int32Array;

  constructor(buffer: ArrayBufferLike) {
    this.#owners = new Int32Array(buffer, OWNERS_AT, zoneCount);
  }

  /** Zones in use. */
  get held(): number {
    return this.#owners.reduce((sum, owner) => sum + (owner === 0 ? 0 : 1), 0);
  }

  /** Takes a free zone for this thread. @throws AlcoveError OverloadedError when all are taken. */
  claim(): number {
    const owner = threadId + 1;
    for (let zone = 0; zone < zoneCount; zone++) {
      if (Atomics.compareExchange(this.#owners, zone, 0, owner) === 0) return zone;
    }
    throw new AlcoveError(
      'OverloadedError',
      `index: got a thread more than the ${zoneCount} that can be attached`,
      { detail: { expected: zoneCount } },
    );
  }

  free(zone: number): void {
    Atomics.store(this.#owners, zone, 0);
  }

  /** Gives back the zones of a thread that ended without detaching. Call it from the thread that saw it end. */
  freeAllOf(ofThread: number): void {
    for (let zone = 0; zone < zoneCount; zone++) Atomics.compareExchange(this.#owners, zone, ofThread + 1, 0);
  }
}
