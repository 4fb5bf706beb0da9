import fc from 'fast-check';
import { expect, it } from 'vitest';
import { without } from '../../src/search/ordinals.ts';

it('ordinals without others are those that are not among the others', () => {
  const some = fc.uniqueArray(fc.nat(60)).map((list) => Uint32Array.from(list).sort());
  fc.assert(
    fc.property(some, some, (ordinals, removed) => {
      expect([...without(ordinals, removed)]).toEqual(
        [...ordinals].filter((ordinal) => !removed.includes(ordinal)),
      );
    }),
    { seed: 10 },
  );
});
