import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Duplex, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A refused request may go on sending for this long, so that its sender gets to read the refusal. */
const LINGER_MS = 2_000;
/** What a refused request still has to send is read to its end, and its connection kept, if it is no more than this. */
const READ_TO_END_BYTES = 65_536;
const JSON_UTF_8 = 'application/json; charset=utf-8';

/** What a request that is refused is answered: an HttpError, or one in the shape of another API. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body. */
  toJSON(): object;
}

/** A page that needs nothing but itself, as text, or compressed where it is large; `policy` (Content-Security-Policy) holds it to that. */
export type Page = { readonly policy: string } & (
  | { readonly html: string }
  | { readonly gzipped: Uint8Array }
);

/** Sends the refusal whole, then gives a sender that has not finished a moment to notice it. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  if (request.complete || isSoonRead(request)) {
    request.resume();
    if (!request.complete) endUnlessComplete(request);
    return sendJson(response, refusal.status, refusal);
  }
  const body = JSON.stringify(refusal);
  response.writeHead(refusal.status, {
    connection: 'close',
    'content-type': JSON_UTF_8,
    'content-length': Buffer.byteLength(body),
  });
  response.write(body);
  request.resume();
  const timer = setTimeout(() => response.end(), LINGER_MS);
  request.once('end', () => response.end());
  response.once('close', () => clearTimeout(timer));
}

/** A request that has its answer, and never sends what it has announced, does not hold its connection. */
function endUnlessComplete(request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  const stop = () => clearTimeout(timer);
  request.once('end', stop).once('close', stop);
}

/** Whether the rest of a request is on its way, and short: then the connection is worth keeping. */
function isSoonRead({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return headers.expect === undefined && length !== undefined && Number(length) <= READ_TO_END_BYTES;
}

/** The same for a request to speak WebSocket. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify(refusal);
  socket.on('error', () => {});
  const headers = Object.entries({
    ...refusal.headers,
    connection: 'close',
    'content-type': JSON_UTF_8,
    'content-length': Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  // Whoever does not close its side does not hold ours.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${headers.join('')}\r\n${body}`);
}

export function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': JSON_UTF_8, 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding']));
  const isCompressed = 'gzipped' in page;
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    ...(isCompressed && takesGzip ? { 'content-encoding': 'gzip' } : {}),
    vary: 'accept, accept-encoding',
    'content-security-policy': page.policy,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cache-control': 'no-cache',
  });
  if (!isCompressed) response.end(page.html);
  else if (takesGzip) response.end(page.gzipped);
  else pipeline(Readable.from([page.gzipped]), createGunzip(), response, () => {});
}
