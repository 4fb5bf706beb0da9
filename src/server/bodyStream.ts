import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { AlcoveError } from '../errors.ts';
import { HttpError } from './HttpError.ts';

/** Up to here a body may be compressed as well as can be. */
const INFLATED_BYTES = 16_777_216;
/** Above it, it may be so many times as large as it was sent: rows are not, unless they are all the same. */
const MAX_RATIO = 200;
const GUNZIP_CHUNK_BYTES = 65_536;

export interface BodyStreamLimits {
  /** How long a sender may send nothing while more is being waited for. */
  readonly idleMs: number;
  /** Called before the first byte is read: answers `Expect: 100-continue`. */
  readonly onAccepted: () => void;
}

/** Whether a body is gzipped. @throws HttpError 415 for any other encoding. */
export function isGzipped(request: IncomingMessage): boolean {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'gzip') return true;
  if (encoding === 'identity') return false;
  throw new HttpError(415, `content-encoding "${encoding}" is not supported; send gzip or none`, {
    headers: { 'accept-encoding': 'gzip' },
  });
}

/**
 * The bytes of a body as they come, gunzipped if need be. What is not asked for is not read: the sender has to wait. Leaves
 * the request's socket alone when it gives up.
 * @throws AlcoveError UnreadableFileError for broken gzip, CapacityExceededError for gzip that unfolds beyond measure,
 *   TimeoutError when nothing comes, CancelledError when the sender has gone.
 */
export async function* streamBody(
  request: IncomingMessage,
  { idleMs, onAccepted }: BodyStreamLimits,
): AsyncGenerator<Uint8Array> {
  const gunzip = isGzipped(request) ? createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES }) : undefined;
  request.on('error', () => {});
  if (gunzip) {
    request.once('close', () => {
      if (!request.complete) gunzip.destroy(new Error('aborted'));
    });
    request.pipe(gunzip);
  }
  onAccepted();
  const chunks = (gunzip ?? request).iterator({ destroyOnReturn: false });
  let inflated = 0;
  try {
    for (;;) {
      const { done, value } = await nextOf(chunks, idleMs);
      if (done) return;
      const chunk = value as Buffer;
      inflated += chunk.length;
      if (gunzip && inflated > INFLATED_BYTES && inflated > MAX_RATIO * gunzip.bytesWritten) {
        throw new AlcoveError(
          'CapacityExceededError',
          `The body unfolds to more than ${MAX_RATIO} times its size. Send it less compressed, or in parts.`,
          { detail: { expected: MAX_RATIO } },
        );
      }
      yield chunk;
    }
  } finally {
    if (gunzip) request.unpipe(gunzip);
    gunzip?.destroy();
  }
}

async function nextOf(chunks: AsyncIterator<unknown>, idleMs: number): Promise<IteratorResult<unknown>> {
  const { promise: idle, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooSlow(idleMs)), idleMs);
  try {
    return await Promise.race([chunks.next(), idle]);
  } catch (error) {
    if (error instanceof AlcoveError) throw error;
    const isBroken = (error as NodeJS.ErrnoException).code?.startsWith('Z_');
    throw isBroken ? brokenGzip(error as Error) : cutOff();
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(idleMs: number): AlcoveError {
  return new AlcoveError('TimeoutError', `Nothing came for ${idleMs / 1_000} seconds.`, {
    detail: { expected: `at most ${idleMs} ms` },
  });
}

function brokenGzip({ message }: Error): AlcoveError {
  const [got, expected] = [
    `a body that is not valid gzip (${message})`,
    'gzip, as its content-encoding says',
  ];
  return new AlcoveError('UnreadableFileError', `Got ${got}; expected ${expected}.`, {
    detail: { reason: 'CORRUPT', got, expected },
  });
}

function cutOff(): AlcoveError {
  return new AlcoveError('CancelledError', 'The body ended before it was complete.');
}
