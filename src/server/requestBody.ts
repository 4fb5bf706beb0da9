import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { HttpError } from './HttpError.ts';

/** How a body's bytes are turned into text, and no more of them than this. */
export interface BodyLimits {
  /** In bytes, as sent and as inflated. */
  readonly limitBytes: number;
  /** Called before the first byte is read: answers `Expect: 100-continue`. */
  readonly onAccepted?: () => void;
}

/**
 * A request's body as text, gunzipped if need be.
 * @throws HttpError 413 over the limit (by Content-Length, while reading, or while inflating), 415 for an encoding
 *   other than gzip, 400 for broken gzip, invalid UTF-8 or a body that was not sent to its end.
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
  const bytes = await collect(request, encoding === 'gzip', limitBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, 'the body is not valid UTF-8');
  }
}

/** Leaves the request's socket alone when it gives up, so that the refusal can still be sent. */
function collect(request: IncomingMessage, gzipped: boolean, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gunzip = gzipped ? createGunzip() : undefined;
    const source = gunzip ? request.pipe(gunzip) : request;
    const chunks: Buffer[] = [];
    let length = 0;

    const giveUp = (error: HttpError) => {
      source.removeAllListeners('data');
      if (gunzip) request.unpipe(gunzip);
      gunzip?.destroy();
      reject(error);
    };
    source.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) giveUp(tooLarge(limitBytes));
      else chunks.push(chunk);
    });
    source.once('end', () => resolve(Buffer.concat(chunks, length)));
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
