import type { IncomingMessage } from 'node:http';
import type { Access } from '../access/Authenticator.ts';
import type { Principal } from '../access/Principal.ts';
import { AlcoveError } from '../errors.ts';
import type { Admission } from './admission/Admission.ts';
import { HttpError } from './HttpError.ts';
import { refusalOf } from './refusalOf.ts';
import type { Refusal } from './responses.ts';

/** Counts those who are refused, by their address. */
export type Refusals = Pick<Admission, 'countRefused'>;

/**
 * Whoever sends a request, by its `Authorization` header.
 * @throws HttpError 401; 503 when the keys cannot be read. AlcoveError RateLimitedError for whoever is refused too often
 */
export function authenticate(
  { headers: { authorization }, socket: { remoteAddress } }: IncomingMessage,
  access: Access,
  refusals: Refusals,
): Principal {
  try {
    return access.principalOf(authorization);
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    if (error.code === 'UNAUTHENTICATED') refusals.countRefused(remoteAddress);
    throw keyRefused(error, authorization !== undefined);
  }
}

/**
 * The credentials in the first message of a WebSocket, in one of the places where clients put them: `authorization`, or that header
 * of `headers`.
 */
export function credentialsIn(parameters: Readonly<Record<string, unknown>> = {}): string | undefined {
  const { headers } = parameters;
  const places = [parameters, ...(typeof headers === 'object' && headers !== null ? [headers] : [])];
  const found = places
    .flatMap((place) => Object.entries(place))
    .find(([name, value]) => name.toLowerCase() === 'authorization' && typeof value === 'string');
  return found && String(found[1]);
}

/** What {@link authenticate} throws, as an answer, or undefined. */
export function refusedKey(
  request: IncomingMessage,
  access: Access,
  refusals: Refusals,
): Refusal | undefined {
  try {
    authenticate(request, access, refusals);
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

function keyRefused({ code, message }: AlcoveError, hasKey: boolean): HttpError {
  if (code !== 'UNAUTHENTICATED')
    return new HttpError(503, message, { code, headers: { 'retry-after': '5' } });
  // RFC 6750: what is wrong is said only of a key that was sent.
  const challenge = `Bearer realm="alcove"${hasKey ? ', error="invalid_token"' : ''}`;
  return new HttpError(401, message, { code, headers: { 'www-authenticate': challenge } });
}
