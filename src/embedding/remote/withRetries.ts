import { setTimeout as sleep } from 'node:timers/promises';
import { AlcoveError } from '../../errors.ts';

/** The wait before the first retry; it doubles with each. */
const FIRST_WAIT_MS = 500;
/** By how much a wait is shortened at random, so that callers who failed together do not come back together. */
const JITTER = 0.25;
/** Who is asked to wait for longer than this says so to its caller instead. */
export const MAX_WAIT_MS = 60_000;

export interface RetryOptions {
  /** How often a failure that passes is tried again. */
  readonly retries: number;
  readonly signal: AbortSignal;
  /** Waits; rejects when the signal aborts. Replaced in tests. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

/**
 * Does `work` until it succeeds, fails for good (anything but an EmbedderError that is retryable), or has failed
 * `retries` times more than once: after what the provider's Retry-After says, or else after a wait that doubles.
 */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, signal, wait = (ms) => sleep(ms, undefined, { signal }) } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const ms = attempt < retries ? waitAfter(error, attempt) : undefined;
      if (ms === undefined || ms > MAX_WAIT_MS) throw error;
      await wait(ms, signal);
    }
  }
}

/** How long to wait after a failure; undefined where waiting does not help. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof AlcoveError) || error.kind !== 'EmbedderError' || !error.retryable) return undefined;
  const { retryAfterMs } = error.detail;
  if (typeof retryAfterMs === 'number') return retryAfterMs;
  return FIRST_WAIT_MS * 2 ** attempt * (1 - JITTER * Math.random());
}
