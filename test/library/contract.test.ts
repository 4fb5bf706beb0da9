import { describe, expect, it } from 'vitest';
import { checkVector } from '../../src/library/contract.ts';
import { MAX_DIMENSION, MAX_VECTOR_NORM, MIN_COSINE_NORM } from '../../src/library/limits.ts';
import { thrown } from './TestStore.ts';

const COSINE = { dimension: 3, metric: 'COSINE' } as const;
const EUCLIDEAN = { dimension: 3, metric: 'EUCLIDEAN' } as const;

describe('a vector', () => {
  it('must have the dimension of the contract', () => {
    const error = thrown(
      () => checkVector(COSINE, Float32Array.of(1, 2), ['embedding']),
      'DimensionMismatchError',
    );
    expect(error.detail).toEqual({ got: 2, expected: 3 });
    expect(error.message).toContain('create a library of dimension 2');
    expect(error.path).toEqual(['embedding']);
  });

  it.each([0, MAX_DIMENSION + 1])('cannot set the dimension of an open contract to %i', (dimension) => {
    const open = { ...EUCLIDEAN, dimension: null };
    thrown(() => checkVector(open, new Float32Array(dimension).fill(1), []), 'InvalidVectorError');
    checkVector(open, new Float32Array(MAX_DIMENSION).fill(1), []);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'must not hold %d',
    (component) => {
      const error = thrown(
        () => checkVector(EUCLIDEAN, Float32Array.of(1, component, 2), []),
        'InvalidVectorError',
      );
      expect(error.message).toContain(`${component} at index 1`);
    },
  );

  it('must have a direction when the metric is COSINE', () => {
    for (const length of [0, MIN_COSINE_NORM / 2]) {
      const vector = Float32Array.of(0, length, 0);
      thrown(() => checkVector(COSINE, vector, []), 'InvalidVectorError');
      checkVector(EUCLIDEAN, vector, []);
      checkVector({ dimension: 3, metric: 'DOT' }, vector, []);
    }
    checkVector(COSINE, Float32Array.of(0, MIN_COSINE_NORM, 0), []);
  });

  it('must leave squared distances finite in float32', () => {
    const longest = Float32Array.of(MAX_VECTOR_NORM, 0, 0);
    checkVector(EUCLIDEAN, longest, []);
    expect(Math.fround((2 * MAX_VECTOR_NORM) ** 2)).toBeLessThan(Number.POSITIVE_INFINITY);
    for (const vector of [
      Float32Array.of(MAX_VECTOR_NORM, MAX_VECTOR_NORM, 0),
      Float32Array.of(3e38, 3e38, 3e38),
    ]) {
      expect(thrown(() => checkVector(EUCLIDEAN, vector, []), 'InvalidVectorError').message).toContain(
        'a norm of',
      );
    }
  });
});
