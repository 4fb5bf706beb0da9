import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WorkerTask } from './alcoveWorker.ts';

const ENTRY = new URL('./alcoveWorker.ts', import.meta.url);

/** Runs a task on each of some new threads. Returns what they report, when all have ended. */
export async function runOnThreads<Result>(
  count: number,
  taskOf: (thread: number) => WorkerTask,
): Promise<Result[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, thread) => {
      const worker = new Worker(ENTRY, { workerData: taskOf(thread) });
      const reported = once(worker, 'message');
      const ended = once(worker, 'exit');
      const [result] = (await reported) as [Result];
      await ended;
      return result;
    }),
  );
}
