import {
  type ELDHistogram,
  type EventLoopUtilization,
  monitorEventLoopDelay,
  performance,
} from 'node:perf_hooks';

/** How often the loop is looked at, which wakes a thread that has nothing to do. What the histogram records contains this time. */
const RESOLUTION_MS = 50;
/** Delays are those of a stretch of time so long. */
const WINDOW_MS = 10_000;

/** How late an event loop was, in seconds. */
export interface EventLoopDelay {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Watches the event loop of the thread that makes it: how late it is, and how long it has been at work. */
export class EventLoop {
  readonly #histogram: ELDHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #last: EventLoopDelay | undefined;
  #windowBegan: EventLoopUtilization = performance.eventLoopUtilization();
  #lastShare: number | undefined;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#last = this.#read();
      this.#histogram.reset();
      const now = performance.eventLoopUtilization();
      this.#lastShare = performance.eventLoopUtilization(now, this.#windowBegan).utilization;
      this.#windowBegan = now;
    }, WINDOW_MS).unref();
  }

  /** Of the last whole window and the one that is under way: whichever was worse. */
  get delay(): EventLoopDelay {
    const now = this.#read();
    const last = this.#last ?? now;
    return {
      median: Math.max(now.median, last.median),
      p99: Math.max(now.p99, last.p99),
      max: Math.max(now.max, last.max),
    };
  }

  /** Seconds in which the loop was at work since the thread began. */
  get busySeconds(): number {
    return performance.eventLoopUtilization().active / 1_000;
  }

  /** Of the last whole window (of the first one, what has passed of it): the share in which the loop was at work, from 0 to 1. */
  get busyShare(): number {
    return this.#lastShare ?? performance.eventLoopUtilization().utilization;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  #read(): EventLoopDelay {
    const { count } = this.#histogram;
    if (count === 0) return { median: 0, p99: 0, max: 0 };
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1_000;
    return {
      median: late(this.#histogram.percentile(50)),
      p99: late(this.#histogram.percentile(99)),
      max: late(this.#histogram.max),
    };
  }
}
