import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { schema } from '../graphql/schema.ts';
import { createHttpLayer } from './http.ts';
import { createLogger } from './Logger.ts';
import { listenShared } from './listening.ts';
import { openContext } from './openContext.ts';
import type { ThreadData, ThreadOrder, ThreadReport } from './threadMessages.ts';

/** A server thread's entry: opens what resolvers work with, serves, and stops when it is told to. */
async function serve({ config, facts, registered, writer, rates, port }: ThreadData): Promise<void> {
  const report = (message: ThreadReport) => parentPort?.postMessage(message);
  let isDraining = false;
  const context = await openContext(config, facts, writer);
  const layer = createHttpLayer({
    schema,
    config,
    contextFor: context.contextFor,
    bulk: context.bulk,
    rates,
    registered,
    logger: createLogger(config.log),
    readiness: () => (isDraining ? { ready: false, reason: 'stopping' } : { ready: true }),
  });
  parentPort?.once('message', async ({ drainDelayMs, limitMs }: ThreadOrder) => {
    isDraining = true;
    await delay(drainDelayMs);
    await layer.close(limitMs);
    await context.close();
    process.exit(0);
  });
  try {
    report({ kind: 'LISTENING', ...(await listenShared(layer.server, config.host, port)) });
  } catch (error) {
    report({ kind: 'REFUSED', message: (error as Error).message });
  }
}

await serve(workerData as ThreadData);
