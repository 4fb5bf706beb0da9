import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/graphql/fingerprint.ts';
import { formatRevision, parseRevision } from '../../src/graphql/revision.ts';
import { parseVector } from '../../src/graphql/vector.ts';

describe('a fingerprint', () => {
  it('does not depend on the order of keys, keys without a value, or how a vector is written', () => {
    const base64 = Buffer.from(Float32Array.of(1, 2).buffer).toString('base64');
    expect(fingerprint('op', { a: 1, b: { c: 2, d: parseVector([1, 2]) } })).toBe(
      fingerprint('op', { b: { d: parseVector(base64), c: 2, e: undefined }, a: 1 }),
    );
  });

  it('differs with the operation, any value, null, and the shape', () => {
    const prints = [
      fingerprint('op', { a: 1 }),
      fingerprint('other', { a: 1 }),
      fingerprint('op', { a: 2 }),
      fingerprint('op', { a: '1' }),
      fingerprint('op', { a: null }),
      fingerprint('op', {}),
      fingerprint('op', { a: [1] }),
      fingerprint('op', { a: [['a', 1]] }),
      fingerprint('op', { a: { a: 1 } }),
      fingerprint('op', { a: parseVector([1]) }),
      fingerprint('op', { a: parseVector([2]) }),
      fingerprint('op', { a: parseVector('junk') }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe('a revision', () => {
  it('orders as text as it does as a number, and is read back', () => {
    const revisions = [0, 1, 9, 10, 99, 1_000_000, Number.MAX_SAFE_INTEGER];
    const texts = revisions.map(formatRevision);
    expect(texts).toEqual([...texts].sort());
    expect(texts.map(parseRevision)).toEqual(revisions);
  });

  it('is nothing that we did not write', () => {
    for (const text of [
      '',
      '1',
      'x'.repeat(16),
      '9999999999999999',
      '-000000000000001',
      '0000000000000001 ',
    ]) {
      expect(parseRevision(text)).toBeUndefined();
    }
  });
});
