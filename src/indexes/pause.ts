/** How long a thread that waits for another's part of a build sleeps, in milliseconds. */
const PAUSE_MS = 2;

/** What nobody wakes. */
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps for as long as another thread may take. Returns what it is given. */
export function pause(done: number): number {
  Atomics.wait(SLEEPER, 0, 0, PAUSE_MS);
  return done;
}
