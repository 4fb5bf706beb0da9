import { parentPort, workerData } from 'node:worker_threads';
import { ThreadTelemetry } from '../telemetry/ThreadTelemetry.ts';
import type { Order, Report, WriterThreadData } from './protocol.ts';
import { WriterService } from './WriterService.ts';

/** The writer thread's entry: starts the service, and does what the thread that started it says. */
const report = (message: Report): void => parentPort?.postMessage(message);

const data = workerData as WriterThreadData;

async function serve(): Promise<void> {
  const onTrouble = (message: string): void => report({ kind: 'TROUBLE', message });
  let service: WriterService;
  const telemetry = data.telemetry && (await ThreadTelemetry.start(data.telemetry, onTrouble));
  try {
    service = new WriterService(data, {
      onTrouble,
      onNotice: (message) => report({ kind: 'NOTICE', message }),
      onFatal: (error) => report({ kind: 'FATAL', message: String(error) }),
    });
    await service.resume();
  } catch (error) {
    report({ kind: 'REFUSED', message: error instanceof Error ? error.message : String(error) });
    return;
  }
  parentPort?.on('message', (order: Order) => {
    if (order.kind === 'CONNECT') service.connect(order.port);
    else
      void service
        .close()
        .finally(() => telemetry?.close())
        .finally(() => parentPort?.close());
  });
  report({ kind: 'READY' });
}

await serve();
