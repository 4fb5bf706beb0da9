import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { schema } from '../graphql/schema.ts';
import { createLogger } from '../telemetry/Logger.ts';
import { secretsOf } from '../telemetry/secrets.ts';
import { ThreadTelemetry } from '../telemetry/ThreadTelemetry.ts';
import { createHttpLayer } from './http.ts';
import { listenShared } from './listening.ts';
import { openContext } from './openContext.ts';
import type { ThreadData, ThreadOrder, ThreadReport } from './threadMessages.ts';

/** A server thread's entry: opens what resolvers work with, serves, and stops when it is told to. */
async function serve(data: ThreadData): Promise<void> {
  const { config, facts, registered, writer, rates, port, telemetry: seat } = data;
  const report = (message: ThreadReport) => parentPort?.postMessage(message);
  let isDraining = false;
  const logger = createLogger(config.log, { common: { thread: seat.name }, secrets: secretsOf(config) });
  const telemetry = await ThreadTelemetry.start(seat, (message) => logger.error('tracing', { message }));
  const context = await openContext(config, facts, writer, () => telemetry.load());
  const layer = createHttpLayer({
    schema,
    config,
    contextFor: context.contextFor,
    bulk: context.bulk,
    rates,
    registered,
    access: context.access,
    logger,
    readiness: () => (isDraining ? { ready: false, reason: 'stopping' } : { ready: true }),
  });
  parentPort?.once('message', async ({ drainDelayMs, limitMs }: ThreadOrder) => {
    isDraining = true;
    await delay(drainDelayMs);
    await layer.close(limitMs);
    await context.close();
    await telemetry.close();
    process.exit(0);
  });
  try {
    report({ kind: 'LISTENING', ...(await listenShared(layer.server, config.host, port)) });
  } catch (error) {
    report({ kind: 'REFUSED', message: (error as Error).message });
  }
}

await serve(workerData as ThreadData);
