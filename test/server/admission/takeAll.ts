import { parentPort, workerData } from 'node:worker_threads';
import { RateLimiter } from '../../../src/server/admission/RateLimiter.ts';

/** A thread that asks as often as it is told, all at one moment, and says how often it was let through, by name. */
const { memory, rate, names, attempts } = workerData as {
  memory: SharedArrayBuffer;
  rate: { perSecond: number; burst: number };
  names: string[];
  attempts: number;
};
const limiter = new RateLimiter(memory, rate, () => 1_000_000_000n);
const admitted = names.map(() => 0);
for (let attempt = 0; attempt < attempts; attempt++) {
  for (const [at, name] of names.entries()) if (limiter.take(name) === 0) admitted[at]! += 1;
}
parentPort?.postMessage(admitted);
