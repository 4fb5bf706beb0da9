import type { IncomingMessage } from 'node:http';
import { HttpError } from './HttpError.ts';
import { ANSWERED_MEDIA_TYPES, forgeable } from './originPolicy.ts';

const ANYTHING = ['*/*', 'application/*', ''];

/**
 * The media types of a request's Accept header that can be answered, in its order, separated by commas. Whoever takes
 * anything gets application/graphql-response+json, and events as server-sent events.
 * @throws HttpError 403 for a GET that could have been forged, 406 for one that takes nothing that is answered.
 */
export function acceptedTypes({ method, headers }: IncomingMessage): string {
  const forged = method === 'GET' ? forgeable(headers) : undefined;
  if (forged !== undefined) throw new HttpError(403, forged);
  const accepted = answerable(headers.accept ?? '*/*');
  if (accepted !== '') return accepted;
  throw new HttpError(
    406,
    `cannot answer in "${headers.accept}"; ask for one of ${ANSWERED_MEDIA_TYPES.join(', ')}`,
  );
}

/** Clients send the same header with every request. */
let last = { accept: '*/*', types: ANSWERED_MEDIA_TYPES.join(', ') };

function answerable(accept: string): string {
  if (accept !== last.accept) last = { accept, types: typesOf(accept) };
  return last.types;
}

function typesOf(accept: string): string {
  const asked = accept.split(',').map((part) => part.trim().split(';', 1)[0] ?? '');
  const named = asked.filter((type) => (ANSWERED_MEDIA_TYPES as readonly string[]).includes(type));
  const isOpen = ANYTHING.some((type) => asked.includes(type));
  return [...named, ...(isOpen ? ANSWERED_MEDIA_TYPES : [])].join(', ');
}
