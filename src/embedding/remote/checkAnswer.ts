import { MAX_DIMENSION } from '../../library/limits.ts';
import { embedderError } from '../embedderError.ts';
import type { RemoteModel } from './RemoteModel.ts';

/**
 * Checks what came for `count` texts: as many vectors, all of one dimension, of finite float32.
 * @throws AlcoveError EmbedderError that says what was got; it does not pass by trying again.
 */
export function checkAnswer(
  vectors: readonly (readonly number[])[],
  count: number,
  model: RemoteModel,
): void {
  const refuse = (got: string, expected: string) =>
    embedderError(model, {
      what: `at ${model.endpoint.baseUrl} answered with ${got}; expected ${expected}.`,
      got,
      retryable: false,
    });
  if (vectors.length !== count) throw refuse(`${vectors.length} vectors`, `${count}, one for each text`);
  const dimension = vectors[0]?.length ?? 0;
  if (dimension < 1 || dimension > MAX_DIMENSION) {
    throw refuse(`a vector of ${dimension} numbers`, `1 to ${MAX_DIMENSION}`);
  }
  for (const vector of vectors) {
    if (vector.length !== dimension) {
      throw refuse(`vectors of ${dimension} and of ${vector.length} numbers`, 'vectors of one dimension');
    }
    const flaw = vector.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (flaw >= 0) throw refuse(`${vector[flaw]} in a vector`, 'finite numbers');
  }
}
