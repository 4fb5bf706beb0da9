/** How long a thread that waits for another's part of a build sleeps unless it says so, in milliseconds. */
const PAUSE_MS = 2;

/** What nobody wakes. */
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps for as long as another thread may take. Returns what it is given. */
export function pause(done: number, ms = PAUSE_MS): number {
  Atomics.wait(SLEEPER, 0, 0, ms);
  return done;
}
