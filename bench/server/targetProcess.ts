import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import workers, { BroadcastChannel, type WorkerOptions } from 'node:worker_threads';
import { GARBAGE_CHANNEL } from './collectGarbage.ts';
import type { TargetOrder, TargetReport } from './TargetOrder.ts';

/** The process of a {@link Target}: serves as it was told to, and answers its parent. */
const order = JSON.parse(process.argv[2] as string) as TargetOrder;

/** The threads of this process by their names, whoever starts them. */
const threads = new Map<workers.Worker, string>();
workers.Worker = class extends workers.Worker {
  constructor(entry: string | URL, options: WorkerOptions = {}) {
    super(entry, options);
    threads.set(this, options.name ?? 'unnamed');
    this.once('exit', () => threads.delete(this));
  }
};
syncBuiltinESMExports();

const report = (message: TargetReport) => process.send?.(message);

/** For all threads to have collected theirs. */
const COLLECTING_MS = 500;

async function collectGarbage(): Promise<void> {
  const channel = new BroadcastChannel(GARBAGE_CHANNEL);
  channel.postMessage('collect');
  await wait(COLLECTING_MS);
  channel.close();
}

async function figures(): Promise<TargetReport> {
  const heapBytes: Record<string, number> = { main: process.memoryUsage().heapUsed };
  for (const [thread, name] of threads) {
    const heap = await thread.getHeapStatistics().catch(() => undefined);
    if (heap) heapBytes[name] = (heapBytes[name] ?? 0) + heap.used_heap_size;
  }
  const { user, system } = process.cpuUsage();
  return {
    kind: 'FIGURES',
    processorMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage.rss(),
    heapBytes,
  };
}

async function startThreads(): Promise<string> {
  let port = 0;
  for (let thread = 0; thread < order.threads; thread++) {
    const worker = new workers.Worker(new URL('targetThread.ts', import.meta.url), {
      workerData: { ...order, port },
      name: 'server',
    });
    [port] = (await once(worker, 'message')) as [number];
  }
  return `http://127.0.0.1:${port}`;
}

async function startAlcove(): Promise<{ url: string; close: () => Promise<void> }> {
  // Not before threads are recorded.
  const { parseConfig } = await import('../../src/config.ts');
  const { startServer } = await import('../../src/server/supervisor.ts');
  const config = parseConfig({
    ALCOVE_PORT: '0',
    ALCOVE_LOG: 'error',
    ALCOVE_THREADS: String(order.threads),
    ...order.environment,
  });
  return startServer(config);
}

const server =
  order.kind === 'alcove'
    ? await startAlcove()
    : { url: await startThreads(), close: async () => process.exit() };
process.on('message', async (message) => {
  if (message === 'collect') await collectGarbage();
  if (message === 'figures' || message === 'collect') report(await figures());
  if (message === 'stop') {
    await server.close();
    process.disconnect?.();
  }
});
// Whoever measures has gone: nothing may be left running.
process.on('disconnect', () => process.exit());
report({ kind: 'SERVING', url: server.url });
