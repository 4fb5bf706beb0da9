import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { parseConfig } from '../../src/config.ts';
import { startServer } from '../../src/server/supervisor.ts';
import type { TargetOrder, TargetReport } from './TargetOrder.ts';

/** The process of a {@link Target}: serves as it was told to, and answers its parent. */
const order = JSON.parse(process.argv[2] as string) as TargetOrder;

const report = (message: TargetReport) => process.send?.(message);

async function startThreads(): Promise<string> {
  let port = 0;
  for (let thread = 0; thread < order.threads; thread++) {
    const worker = new Worker(new URL('targetThread.ts', import.meta.url), {
      workerData: { ...order, port },
      name: 'server',
    });
    [port] = (await once(worker, 'message')) as [number];
  }
  return `http://127.0.0.1:${port}`;
}

async function startAlcove(): Promise<{ url: string; close: () => Promise<void> }> {
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
  if (message === 'figures') {
    const { user, system } = process.cpuUsage();
    report({
      kind: 'FIGURES',
      processorMs: (user + system) / 1_000,
      residentBytes: process.memoryUsage.rss(),
    });
  }
  if (message === 'stop') {
    await server.close();
    process.disconnect?.();
  }
});
// Whoever measures has gone: nothing may be left running.
process.on('disconnect', () => process.exit());
report({ kind: 'SERVING', url: server.url });
