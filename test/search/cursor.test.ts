import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursors } from '../../src/search/cursor.ts';
import { thrown } from '../library/TestStore.ts';
import { SECRET } from './TestSearch.ts';

const cursors = new Cursors(SECRET, ['lib_a', 'question']);
const place = { distance: Math.fround(0.1), ordinal: 4_000_000_000, rank: 12 };

describe('a cursor', () => {
  it('is the place that it was made of', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true }),
        fc.nat(0xffffffff),
        fc.nat(0xffffffff),
        (distance, ordinal, rank) => {
          expect(cursors.decode(cursors.encode({ distance, ordinal, rank }))).toEqual({
            distance,
            ordinal,
            rank,
          });
        },
      ),
      { seed: 9 },
    );
  });

  it('is refused when a single bit of it has been changed', () => {
    const bytes = Buffer.from(cursors.encode(place), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(thrown(() => cursors.decode(changed.toString('base64url'))).kind).toBe('InvalidArgumentError');
    }
  });

  it('is refused when a single letter of it has been changed, also where that changes no bit', () => {
    const cursor = cursors.encode(place);
    for (let at = 0; at < cursor.length; at++) {
      for (const letter of 'AQgwBRhx-_=') {
        const changed = `${cursor.slice(0, at)}${letter}${cursor.slice(at + 1)}`;
        if (changed !== cursor)
          expect(thrown(() => cursors.decode(changed)).kind).toBe('InvalidArgumentError');
      }
    }
  });

  it('is refused when it belongs to another question or another server, or is none', () => {
    const cursor = cursors.encode(place);
    for (const other of [
      new Cursors(SECRET, ['lib_b', 'question']),
      new Cursors(SECRET, ['lib_aq', 'uestion']),
      new Cursors(SECRET, ['lib_a', 'question', new Uint8Array(1)]),
      new Cursors(new Uint8Array(32), ['lib_a', 'question']),
    ]) {
      expect(thrown(() => other.decode(cursor)).path).toEqual(['after']);
    }
    for (const text of ['', 'x', 'AAAA', `${cursor}AAAA`, cursor.slice(0, -4), '\0', '♥'.repeat(1_000)]) {
      expect(thrown(() => cursors.decode(text)).kind).toBe('InvalidArgumentError');
    }
  });
});
