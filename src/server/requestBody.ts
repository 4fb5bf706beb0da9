import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { HttpError } from './HttpError.ts';

/** Seconds after which a client that was turned away for want of memory may try again. */
const RETRY_AFTER_SECONDS = '1';
/** What some put before UTF-8; it is no part of the text. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Memory that all bodies that are being read share. */
export class BodyMemory {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Whether there was room; it is taken then, and must be given back. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

/** How much of a body is read. */
export interface BodyLimits {
  /** In bytes, as sent and as inflated. */
  readonly limitBytes: number;
  readonly memory: BodyMemory;
  /** Called before the first byte is read: answers `Expect: 100-continue`. */
  readonly onAccepted?: () => void;
}

/**
 * A request's body as text, gunzipped if need be.
 * @throws HttpError 413 over the limit (by Content-Length, while reading, or while inflating), 415 for an encoding
 *   other than gzip, 400 for broken gzip, invalid UTF-8 or a body that was not sent to its end, 429 when too many
 *   others are being read.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<string> {
  const { limitBytes } = limits;
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HttpError(415, `content-encoding "${encoding}" is not supported; send gzip or none`, {
      headers: { 'accept-encoding': 'gzip' },
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);

  limits.onAccepted?.();
  const bytes = await collect(request, encoding === 'gzip', limits);
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) throw new HttpError(400, 'the body is not valid UTF-8');
  return (startsWithMark(bytes) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes).toString('utf8');
}

function startsWithMark(bytes: Buffer): boolean {
  return BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte);
}

/** Leaves the request's socket alone when it gives up, so that the refusal can still be sent. */
function collect(
  request: IncomingMessage,
  gzipped: boolean,
  { limitBytes, memory }: BodyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gunzip = gzipped ? createGunzip() : undefined;
    const source = gunzip ? request.pipe(gunzip) : request;
    const chunks: Buffer[] = [];
    let length = 0;
    let taken = 0;

    const giveUp = (error: HttpError) => {
      source.removeAllListeners('data');
      if (gunzip) request.unpipe(gunzip);
      gunzip?.destroy();
      chunks.length = 0;
      settle();
      reject(error);
    };
    const settle = () => {
      memory.giveBack(taken);
      taken = 0;
    };
    source.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) return giveUp(tooLarge(limitBytes));
      if (!memory.take(chunk.length)) return giveUp(tooBusy());
      taken += chunk.length;
      chunks.push(chunk);
    });
    source.once('end', () => {
      settle();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    });
    gunzip?.once('error', () => giveUp(new HttpError(400, 'the body is not valid gzip')));
    request.once('close', () => {
      if (!request.complete) giveUp(new HttpError(400, 'the body ended before it was complete'));
    });
    request.once('error', () => {});
  });
}

function tooLarge(limitBytes: number): HttpError {
  return new HttpError(
    413,
    `the body is larger than ${limitBytes} bytes; send smaller batches, or raise ALCOVE_MAX_BODY_BYTES`,
  );
}

function tooBusy(): HttpError {
  return new HttpError(429, 'too many large requests at once; try again in a moment', {
    code: 'RESOURCE_EXHAUSTED',
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  });
}
