import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { HttpError } from './HttpError.ts';
import { refusedOrigin } from './originPolicy.ts';

/** Browsers may remember a preflight's answer this long. */
const PREFLIGHT_MAX_AGE_SECONDS = '600';

/** Sets what browsers of other origins need to read the answer; answers a preflight. @throws HttpError 403 */
export function applyOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  config: Config,
): 'answered' | 'go on' {
  const refused = refusedOrigin(request.headers, config);
  if (refused !== undefined) throw new HttpError(403, refused);
  const { origin } = request.headers;
  response.setHeader('vary', 'origin');
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS') return 'go on';
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
    'access-control-max-age': PREFLIGHT_MAX_AGE_SECONDS,
  });
  response.end();
  return 'answered';
}
