import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';

const SLOTS = 130;
const members = fc.uniqueArray(fc.nat(SLOTS - 1));
const sorted = (slots: Iterable<number>): number[] => [...slots].sort((a, b) => a - b);
const listed = (bitmap: Bitmap): number[] => [...bitmap.toSlots()];

describe('a bitmap of slots', () => {
  it('is the set that it was made of', () => {
    fc.assert(
      fc.property(members, (slots) => {
        const bitmap = Bitmap.of(SLOTS, slots);
        expect(listed(bitmap)).toEqual(sorted(slots));
        expect(bitmap.count).toBe(slots.length);
        for (let slot = 0; slot < SLOTS + 40; slot++) expect(bitmap.has(slot)).toBe(slots.includes(slot));
      }),
    );
  });

  it('meets, joins and inverts as sets do', () => {
    fc.assert(
      fc.property(members, members, (some, others) => {
        const a = Bitmap.of(SLOTS, some);
        const b = Bitmap.of(SLOTS, others);
        expect(listed(a.and(b))).toEqual(sorted(some.filter((slot) => others.includes(slot))));
        expect(listed(a.or(b))).toEqual(sorted(new Set([...some, ...others])));
        expect(listed(a.without(others))).toEqual(sorted(some.filter((slot) => !others.includes(slot))));
        expect(listed(a.not())).toEqual(listed(Bitmap.all(SLOTS).without(some)));
        expect(listed(a.not().not())).toEqual(listed(a));
      }),
    );
  });

  it('knows nothing of the slots that came after it', () => {
    const older = Bitmap.all(33);
    const newer = Bitmap.all(100);
    expect(older.and(newer).slots).toBe(33);
    expect(older.and(newer).count).toBe(33);
    expect(older.or(Bitmap.of(100, [99])).count).toBe(34);
    expect(Bitmap.all(32).count).toBe(32);
    expect(Bitmap.all(0).count).toBe(0);
  });
});
