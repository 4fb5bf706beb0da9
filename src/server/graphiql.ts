import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { workerEntry } from '../workerEntry.ts';
import type { Page } from './responses.ts';

/** Everything is in the page; it may talk to its own server and to nobody else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'",
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  'worker-src blob:',
  "connect-src 'self' ws: wss: blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

let page: Promise<Page> | undefined;

/**
 * GraphiQL with one tab for each example; subscriptions run over WebSocket. Nine megabytes, rendered and compressed once, by a
 * thread of its own: its source would take 27 MiB of every server thread's memory, asked for or not.
 */
export function graphiqlPage(): Promise<Page> {
  page ??= render().catch((error) => {
    page = undefined;
    throw error;
  });
  return page;
}

async function render(): Promise<Page> {
  const worker = new Worker(workerEntry('graphiqlThread', import.meta.url), { name: 'graphiql' });
  const [gzipped] = (await once(worker, 'message')) as [Uint8Array];
  return { policy: POLICY, gzipped };
}
