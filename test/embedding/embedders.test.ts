import { describe, expect, it } from 'vitest';
import { embedderFor } from '../../src/embedding/embedders.ts';
import type { EmbeddingContract } from '../../src/library/types.ts';
import { thrown } from '../library/TestStore.ts';

const BUILTIN: EmbeddingContract = {
  provider: 'BUILTIN',
  model: 'ngram-hash-1',
  dimension: null,
  metric: 'COSINE',
  normalized: true,
  frozen: false,
};

describe('the embedder of a contract', () => {
  it('is the built-in one, of the dimension agreed or its own', () => {
    expect(embedderFor(BUILTIN).dimension).toBe(384);
    expect(embedderFor({ ...BUILTIN, dimension: 128 }).dimension).toBe(128);
  });

  it('does not exist where the callers bring the vectors', () => {
    const error = thrown(() => embedderFor({ ...BUILTIN, provider: 'EXTERNAL' }), 'InvalidArgumentError');
    expect(error.message).toContain('Pass a vector, or create the library with provider BUILTIN');
  });

  it('does not exist for a model or dimension that the provider does not have', () => {
    expect(thrown(() => embedderFor({ ...BUILTIN, model: 'gpt' })).detail).toEqual({
      got: 'gpt',
      expected: 'ngram-hash-1',
    });
    expect(thrown(() => embedderFor({ ...BUILTIN, dimension: 8 })).kind).toBe('InvalidArgumentError');
  });
});
