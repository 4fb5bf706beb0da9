import { hash } from 'node:crypto';

/** Names that are known at once. A name that has used nothing up is forgotten, so this counts those that are busy. */
const ENTRIES = 65_536;
/** Places in which a name can lie. */
const PROBES = 8;
const BYTES = BigInt64Array.BYTES_PER_ELEMENT;
const NS_PER_MS = 1_000_000;
const NS_PER_SECOND = 1_000_000_000;

/** How much each name may do. */
export interface Rate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a rest. At least 1. */
  readonly burst: number;
}

/**
 * A limit of its own for each name, held over all threads of the process: they count in one shared memory. By the generic cell
 * rate algorithm (ITU-T I.371): of a name nothing is kept but the time at which it will have used up nothing, which each
 * request puts off by one interval; a request that would put it off by more than the burst is refused. So a request is one
 * compare-and-exchange, exact whatever threads do it, and nothing has to be filled up again by a timer.
 *
 * The memory is a table of (hash of the name, time). A time that has passed says that its place is free. Where all places of a
 * name are taken, the one that is free soonest is taken over, with its time: more names than fit are limited too
 * much rather than too little.
 */
export class RateLimiter {
  readonly #names: BigInt64Array;
  readonly #times: BigInt64Array;
  readonly #interval: bigint;
  readonly #tolerance: bigint;
  readonly #clock: () => bigint;

  /**
   * @param memory of {@link RateLimiter.memory}, the same for all threads
   * @param clock nanoseconds, the same for all threads, never going back
   */
  constructor(memory: SharedArrayBuffer, rate: Rate, clock: () => bigint = process.hrtime.bigint) {
    this.#names = new BigInt64Array(memory, 0, ENTRIES);
    this.#times = new BigInt64Array(memory, ENTRIES * BYTES, ENTRIES);
    this.#interval = BigInt(Math.max(1, Math.round(NS_PER_SECOND / rate.perSecond)));
    this.#tolerance = this.#interval * BigInt(rate.burst);
    this.#clock = clock;
  }

  /** What the limiters of all threads count in. */
  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(2 * ENTRIES * BYTES);
  }

  /** Counts one request of a name. Returns 0, or, for one too many, which is not counted, in how many milliseconds it may come. */
  take(name: string): number {
    const now = this.#clock();
    const place = this.#placeOf(nameHash(name), now);
    for (;;) {
      const time = Atomics.load(this.#times, place);
      // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigints
      const next = (time > now ? time : now) + this.#interval;
      const early = next - now - this.#tolerance;
      if (early > 0n) return Math.max(1, Math.ceil(Number(early) / NS_PER_MS));
      if (Atomics.compareExchange(this.#times, place, time, next) === time) return 0;
    }
  }

  /** Where a name lies, or from now on does. */
  #placeOf(name: bigint, now: bigint): number {
    const first = Number(BigInt.asUintN(32, name));
    for (;;) {
      let [soonest, soonestTime] = [-1, 0n];
      for (let probe = 0; probe < PROBES; probe++) {
        const place = (first + probe) % ENTRIES;
        if (Atomics.load(this.#names, place) === name) return place;
        const time = Atomics.load(this.#times, place);
        // Of those that are free, the first; else the one that is free soonest.
        if (soonest >= 0 && (soonestTime <= now || time >= soonestTime)) continue;
        [soonest, soonestTime] = [place, time];
      }
      const held = Atomics.load(this.#names, soonest);
      if (Atomics.compareExchange(this.#names, soonest, held, name) === held) return soonest;
    }
  }
}

function nameHash(name: string): bigint {
  return hash('sha256', name, 'buffer').readBigInt64LE();
}
