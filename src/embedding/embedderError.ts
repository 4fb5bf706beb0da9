import { AlcoveError } from '../errors.ts';
import type { Embedder } from './Embedder.ts';

/** What is wrong with a model, and whether it passes. */
interface Trouble {
  /** Behind "COHERE embed-v4.0 ": `answered with HTTP 503`. */
  readonly what: string;
  /** In short: `HTTP 503`. */
  readonly got: string;
  readonly retryable: boolean;
  /** How long the provider asks to be left alone. */
  readonly retryAfterMs?: number;
}

/** The failure of a model, which it names: nothing was embedded. */
export function embedderError(
  { provider, model }: Pick<Embedder, 'provider' | 'model'>,
  { what, got, retryable, retryAfterMs }: Trouble,
): AlcoveError {
  return new AlcoveError('EmbedderError', `${provider} ${model} ${what}`, {
    retryable,
    detail: { provider, model, got, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  });
}
