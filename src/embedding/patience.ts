import { AlcoveError } from '../errors.ts';
import type { EmbedOptions } from './Embedder.ts';

/** How long a caller waits. */
export type Patience = Pick<EmbedOptions, 'signal' | 'deadline'>;

/** @throws AlcoveError CancelledError once the caller has gone, TimeoutError once its deadline has passed. */
export function checkPatience({ signal, deadline }: Patience): void {
  if (signal?.aborted) throw cancelled(signal);
  if (deadline !== undefined && Date.now() >= deadline) throw timedOut();
}

export function cancelled(signal: AbortSignal): AlcoveError {
  return new AlcoveError('CancelledError', 'Embedding was cancelled by its caller.', {
    cause: signal.reason,
  });
}

export function timedOut(): AlcoveError {
  return new AlcoveError(
    'TimeoutError',
    'The time that the caller allows passed while text was embedded: try again, or allow more.',
  );
}
