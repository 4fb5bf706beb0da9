import { createHash } from 'node:crypto';
import { lookup as resolveName } from 'node:dns';
import { createWriteStream } from 'node:fs';
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import ipaddr from 'ipaddr.js';
import { AlcoveError } from '../errors.ts';

/** For a whole file, redirects included. */
const LIMIT_MS = 60_000;
const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** All IPv6 addresses that have been given out so far; what lies outside stands for something else. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

export interface FetchOptions {
  /** Where the file goes. */
  readonly path: string;
  /** Larger ones are refused. */
  readonly maxBytes: number;
  /** Whether addresses that are not public may be reached. */
  readonly mayBePrivate: boolean;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
  /** For tests: the network in the place of the machine's own. */
  readonly network?: Network;
}

/** Where names and connections come from. */
export interface Network {
  readonly resolveName: typeof resolveName;
  /** Connects as `net.connect` does; whatever `options.lookup` answers is what may be connected to. */
  readonly createConnection: NonNullable<RequestOptions['createConnection']>;
}

/** What was fetched. */
export interface FetchedSource {
  readonly contentType: string | null;
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly hash: string;
}

/**
 * Fetches a file by http or https. Unless private addresses may be reached, every address that a name stands for is checked before
 * one of them is connected to, and that very address is connected to, at each redirect anew: a name that means something
 * else a moment later leads nowhere.
 * @throws AlcoveError ForbiddenError for an address or scheme that may not be reached, SourceUnavailableError when there is no
 *   file, CapacityExceededError when it is too large, TimeoutError, CancelledError
 */
export async function fetchSource(url: string, options: FetchOptions): Promise<FetchedSource> {
  const timeout = AbortSignal.timeout(options.limitMs ?? LIMIT_MS);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    let at = new URL(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await get(at, options, signal);
      const { statusCode = 0, headers } = response;
      if (!REDIRECTS.includes(statusCode)) return await save(url, response, { ...options, signal });
      response.destroy();
      if (headers.location === undefined || !URL.canParse(headers.location, at))
        throw unavailable(url, 'a redirect to nowhere');
      at = new URL(headers.location, at);
    }
    throw unavailable(url, `more than ${MAX_REDIRECTS} redirects`);
  } catch (error) {
    if (error instanceof AlcoveError) throw error;
    if (error instanceof Error && error.cause instanceof AlcoveError) throw error.cause;
    if (options.signal.aborted) throw new AlcoveError('CancelledError', 'The work was cancelled.');
    if (timeout.aborted)
      throw new AlcoveError('TimeoutError', `${url} was not there in time.`, { detail: { url } });
    throw unavailable(url, error instanceof Error ? error.message : String(error));
  }
}

async function get(
  url: URL,
  { mayBePrivate, network }: Pick<FetchOptions, 'mayBePrivate' | 'network'>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw forbidden(url, `the scheme ${url.protocol}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Whoever connects to an address looks no name up.
  if (!mayBePrivate && isIP(host) !== 0 && !isPublic(host)) throw forbidden(url, `the address ${host}`);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const request: ClientRequest = send(url, {
    signal,
    // Each request has a connection of its own.
    ...(network === undefined ? { agent: false } : { createConnection: network.createConnection }),
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'alcove' },
    ...(mayBePrivate ? {} : { lookup: lookupPublic(url, network?.resolveName ?? resolveName) }),
  });
  request.once('response', resolve).once('error', reject).end();
  return promise;
}

/** Looks a name up once, and hands out what it stands for only if all of that is public. */
function lookupPublic(url: URL, resolve: typeof resolveName): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const refused = addresses.find(({ address }) => !isPublic(address));
      const [first] = addresses;
      if (refused !== undefined || first === undefined)
        return callback(
          new Error('refused', {
            cause: forbidden(url, `a name of the address ${refused?.address ?? 'nothing'}`),
          }),
          [],
        );
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Whether an address belongs to the public internet; an IPv4 address inside an IPv6 one counts as what it is. */
export function isPublic(address: string): boolean {
  const [plain = ''] = address.split('%');
  const parsed = ipaddr.process(plain);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST));
}

async function save(
  url: string,
  response: IncomingMessage,
  { path, maxBytes, signal }: FetchOptions,
): Promise<FetchedSource> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) {
    response.destroy();
    throw unavailable(url, `the status ${statusCode}`);
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    response.destroy();
    throw tooLarge(url, maxBytes);
  }
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > maxBytes ? tooLarge(url, maxBytes) : null, chunk);
    },
  });
  await pipeline(response, measured, createWriteStream(path), { signal });
  return { contentType: headers['content-type'] ?? null, bytes, hash: hash.digest('hex') };
}

function forbidden(url: URL, got: string): AlcoveError {
  return new AlcoveError(
    'ForbiddenError',
    `${url.origin} may not be reached: got ${got}; expected http or https, and a public address. ALCOVE_IMPORT_URLS=any lets this server reach others.`,
    { detail: { got, expected: 'a public address' } },
  );
}

function unavailable(url: string, got: string): AlcoveError {
  return new AlcoveError(
    'SourceUnavailableError',
    `${url} could not be fetched: got ${got}; expected a file.`,
    {
      detail: { url, got, expected: 'a file' },
    },
  );
}

function tooLarge(url: string, maxBytes: number): AlcoveError {
  return new AlcoveError('CapacityExceededError', `${url} has more than ${maxBytes} bytes; expected fewer.`, {
    detail: { got: url, expected: maxBytes },
  });
}
