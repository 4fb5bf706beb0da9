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
