import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/graphql/fingerprint.ts';
import { formatRevision, parseRevision } from '../../src/graphql/revision.ts';
import { VectorInput } from '../../src/graphql/vector.ts';

describe('a fingerprint', () => {
  it('does not depend on the order of keys, keys without a value, or how a vector is written', async () => {
    const base64 = Buffer.from(Float32Array.of(1, 2).buffer).toString('base64');
    expect(await fingerprint('op', { a: 1, b: { c: 2, d: new VectorInput([1, 2]) } })).toBe(
      await fingerprint('op', { b: { d: new VectorInput(base64), c: 2, e: undefined }, a: 1 }),
    );
  });

  it('differs with the operation, any value, null, and the shape', async () => {
    const prints = await Promise.all([
      fingerprint('op', { a: 1 }),
      fingerprint('other', { a: 1 }),
      fingerprint('op', { a: 2 }),
      fingerprint('op', { a: '1' }),
      fingerprint('op', { a: null }),
      fingerprint('op', {}),
      fingerprint('op', { a: [1] }),
      fingerprint('op', { a: [['a', 1]] }),
      fingerprint('op', { a: { a: 1 } }),
      fingerprint('op', { a: new VectorInput([1]) }),
      fingerprint('op', { a: new VectorInput([2]) }),
      fingerprint('op', { a: new VectorInput('junk') }),
      fingerprint('op', { a: 'vector:AACAPw==' }),
      fingerprint('op', { a: [1, 2] }),
      fingerprint('op', { a: [[1], 2] }),
      fingerprint('op', { a: [1, [2]] }),
      fingerprint('op', { a: { b: 1 }, c: 2 }),
      fingerprint('op', { a: { b: 1, c: 2 } }),
    ]);
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
