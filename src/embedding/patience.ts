import { AlcoveError } from '../errors.ts';
import type { EmbedOptions } from './Embedder.ts';

/** How long a caller waits: until it goes away, or until a time. */
export type Patience = Pick<EmbedOptions, 'signal' | 'deadline'>;

/** @throws AlcoveError CancelledError once the caller has gone, TimeoutError once its deadline has passed. */
export function checkPatience({ signal, deadline }: Patience): void {
  if (signal?.aborted) throw cancelled(signal);
  if (deadline !== undefined && Date.now() >= deadline) throw timedOut();
}

/**
 * Does `work`, which is told by its signal when the patience ends.
 * @throws AlcoveError CancelledError or TimeoutError as soon as it ends, whatever `work` does then.
 */
export async function withPatience<T>(
  patience: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  checkPatience(patience);
  const { signal, deadline } = patience;
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (error: AlcoveError) => {
    reject(error);
    controller.abort(error);
  };
  const onAbort = () => end(cancelled(signal));
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    deadline === undefined
      ? undefined
      : setTimeout(() => end(timedOut()), Math.max(0, deadline - Date.now()));
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Whatever of the work is still under way when it fails, or is left behind, ends with it.
    controller.abort();
  }
}

export function cancelled(signal: AbortSignal | undefined): AlcoveError {
  return new AlcoveError('CancelledError', 'Embedding was cancelled by its caller.', {
    cause: signal?.reason,
  });
}

export function timedOut(): AlcoveError {
  return new AlcoveError(
    'TimeoutError',
    'The time that the caller allows passed while text was embedded: try again, or allow more.',
  );
}
