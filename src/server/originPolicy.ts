import type { IncomingHttpHeaders } from 'node:http';
import { type Config, isLoopback } from '../config.ts';

/** Any of these shows that a browser has asked for permission first (a preflight), or that no browser is involved. */
export const PREFLIGHT_HEADERS = ['x-alcove-csrf', 'apollo-require-preflight', 'x-graphql-csrf'] as const;

/** Media types that are answered; naming one in `Accept` is something that links, images and scripts never do. */
export const ANSWERED_MEDIA_TYPES = [
  'application/graphql-response+json',
  'application/json',
  'text/event-stream',
  'multipart/mixed',
] as const;

/**
 * Why a request may not come from where it says it comes from, or undefined if it may.
 *
 * `Origin`, which browsers send and pages cannot forge, must be the server's own, loopback, or one of
 * ALCOVE_ALLOWED_ORIGINS. A server on loopback also refuses a `Host` that is not loopback (or an allowed origin's), so
 * that a page whose name was re-pointed at this machine (DNS rebinding) cannot pass for the server's own.
 */
export function refusedOrigin(headers: IncomingHttpHeaders, config: Config): string | undefined {
  const host = headers.host ?? '';
  const allowed = config.allowedOrigins;
  if (
    isLoopback(config.host) &&
    !isLoopbackHost(host) &&
    !allowed.some((origin) => hostOf(origin) === host)
  ) {
    return `host "${host}" is not this server's; add its origin to ALCOVE_ALLOWED_ORIGINS`;
  }
  const { origin } = headers;
  if (origin === undefined || allowed.includes(origin)) return undefined;
  const originHost = hostOf(origin);
  if (originHost !== undefined && (originHost === host || isLoopbackHost(originHost))) return undefined;
  return `origin "${origin}" is not allowed; add it to ALCOVE_ALLOWED_ORIGINS`;
}

/**
 * Why a GET could have been forged by a page elsewhere, or undefined if it could not: one whose Accept names one of the
 * types that are `answered` could not. (A POST must be JSON, or rows to import, which no page can send elsewhere without a
 * preflight; or multipart, for which {@link isPreflighted} is demanded.)
 */
export function forgeable(
  headers: IncomingHttpHeaders,
  answered: readonly string[] = ANSWERED_MEDIA_TYPES,
): string | undefined {
  if (headers['sec-fetch-site'] === 'cross-site' && headers.origin === undefined) {
    return 'the request was made by a page of another site';
  }
  if (isPreflighted(headers)) return undefined;
  const accept = headers.accept ?? '';
  if (answered.some((type) => accept.includes(type))) return undefined;
  const named = answered.includes('application/json') ? 'application/json' : answered[0];
  return `a GET needs the header "${PREFLIGHT_HEADERS[0]}: 1", or an "accept" that names ${named}`;
}

/** Whether a request has a header that a browser sends elsewhere only after it has asked for permission. */
export function isPreflighted(headers: IncomingHttpHeaders): boolean {
  return PREFLIGHT_HEADERS.some((name) => headers[name] !== undefined);
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host || undefined;
  } catch {
    return undefined;
  }
}

/** `127.0.0.1:4400`, `localhost`, `[::1]:4400` … */
function isLoopbackHost(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return isLoopback(name) || name.endsWith('.localhost');
}
