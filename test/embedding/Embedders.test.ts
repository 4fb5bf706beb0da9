import { describe, expect, it } from 'vitest';
import { Embedders } from '../../src/embedding/Embedders.ts';
import type { EmbeddingContract } from '../../src/library/types.ts';
import { refusal } from '../library/TestStore.ts';

const { embedderFor } = new Embedders();

const BUILTIN: EmbeddingContract = {
  provider: 'BUILTIN',
  model: 'ngram-hash-1',
  dimension: null,
  metric: 'COSINE',
  normalized: true,
  frozen: false,
};

describe('the embedder of a contract', () => {
  it('is the built-in one, of the dimension agreed or its own', async () => {
    expect((await embedderFor(BUILTIN)).dimension).toBe(384);
    expect((await embedderFor({ ...BUILTIN, dimension: 128 })).dimension).toBe(128);
  });

  it('is opened once, however the vectors are compared', async () => {
    expect(await embedderFor(BUILTIN)).toBe(await embedderFor({ ...BUILTIN, metric: 'DOT', frozen: true }));
  });

  it('does not exist where the callers bring the vectors', async () => {
    const error = await refusal(embedderFor({ ...BUILTIN, provider: 'EXTERNAL' }), 'InvalidArgumentError');
    expect(error.message).toContain('Pass a vector, or create the library with provider BUILTIN');
  });

  it('does not exist for a model or dimension that the provider does not have', async () => {
    expect((await refusal(embedderFor({ ...BUILTIN, model: 'gpt' }), 'InvalidArgumentError')).detail).toEqual(
      {
        got: 'gpt',
        expected: 'ngram-hash-1',
      },
    );
    await refusal(embedderFor({ ...BUILTIN, dimension: 8 }), 'InvalidArgumentError');
  });
});
