import type { ServerResponse } from 'node:http';
import type { AlcoveError } from '../errors.ts';
import { toGraphQLError } from '../graphql/errorMapping.ts';

/** Whether server-sent events are being answered. */
export function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

/** Breaks a stream of events off with one that says why. There is no `complete` after it, so that clients come back. */
export function endEvents(response: ServerResponse, error: AlcoveError): void {
  response.end(`event: next\ndata: ${JSON.stringify({ errors: [toGraphQLError(error)] })}\n\n`);
}

/** How often streams are looked at within the time that one may stand still. */
const LOOKS = 4;

/**
 * Closes those of these answers that are streams whose reader has not taken for `stalledMs` what was sent. It resumes with its last cursor.
 * Returns what ends the watch.
 */
export function closeStalled(answers: Iterable<ServerResponse>, stalledMs: number): () => void {
  const stalledSince = new WeakMap<ServerResponse, number>();
  const look = (response: ServerResponse) => {
    if (!response.writableNeedDrain || !isEventStream(response)) return;
    const since = stalledSince.get(response);
    if (since === undefined) {
      stalledSince.set(response, performance.now());
      response.once('drain', () => stalledSince.delete(response));
    } else if (performance.now() - since >= stalledMs) response.destroy();
  };
  const timer = setInterval(() => {
    for (const response of answers) look(response);
  }, stalledMs / LOOKS).unref();
  return () => clearInterval(timer);
}
