import type { JobPhase, JobProgress } from './types.ts';

/** How far back the rate looks. */
const WINDOW_MS = 5_000;

/** No rate is told before this much time has been seen: it would be noise. */
const MINIMUM_WINDOW_MS = 200;

/** What a builder says of how far it is. */
export interface Step {
  readonly phase: JobPhase;
  readonly done: number;
  readonly total: number;
  readonly recallSoFar: number | null;
}

/** Turns steps into progress: rate and time left come from a moving window over the phase. */
export class ProgressMeter {
  readonly #memoryBytes: number;
  #phase: JobPhase | undefined;
  #samples: { readonly at: number; readonly done: number }[] = [];

  /** `memoryBytes` is what the build is estimated to take. */
  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  /** The progress at `step`, which came at `at` (milliseconds). */
  measure(step: Step, at: number): JobProgress {
    if (step.phase !== this.#phase) {
      this.#phase = step.phase;
      this.#samples = [];
    }
    this.#samples.push({ at, done: step.done });
    const firstInWindow = this.#samples.findIndex((sample) => sample.at >= at - WINDOW_MS);
    this.#samples.splice(0, firstInWindow);
    const ratePerSecond = this.#rate();
    const left = Math.max(0, step.total - step.done);
    return {
      ...step,
      ratePerSecond,
      etaSeconds: ratePerSecond === null || ratePerSecond === 0 ? null : left / ratePerSecond,
      memoryBytes: this.#memoryBytes,
    };
  }

  #rate(): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < MINIMUM_WINDOW_MS) return null;
    return ((last.done - first.done) / (last.at - first.at)) * 1_000;
  }
}
