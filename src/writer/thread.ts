import { parentPort, workerData } from 'node:worker_threads';
import type { Order, Report, WriterThreadData } from './protocol.ts';
import { WriterService } from './WriterService.ts';

/** The writer thread's entry: starts the service, and does what the thread that started it says. */
const report = (message: Report): void => parentPort?.postMessage(message);

async function serve(): Promise<void> {
  let service: WriterService;
  try {
    service = new WriterService(workerData as WriterThreadData, {
      onTrouble: (message) => report({ kind: 'TROUBLE', message }),
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
    else void service.close().finally(() => parentPort?.close());
  });
  report({ kind: 'READY' });
}

await serve();
