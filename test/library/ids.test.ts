import { describe, expect, it } from 'vitest';
import { kindOfId, newId, parseId } from '../../src/library/ids.ts';
import { thrown } from './TestStore.ts';

describe('a new id', () => {
  it('has its prefix and 26 lower-case characters', () => {
    expect(newId('library')).toMatch(/^lib_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(newId('document')).toMatch(/^doc_/);
    expect(newId('chunk')).toMatch(/^chk_/);
    expect(newId('job')).toMatch(/^job_/);
  });

  it('sorts after the one before, within a millisecond and when the clock steps back', () => {
    const start = Date.now() + 60_000;
    const times = [start, start, start, start + 1, start - 5_000, start + 1, start + 2];
    const ids = times.flatMap((time) => Array.from({ length: 100 }, () => newId('chunk', time)));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is an id that a caller could have sent', () => {
    const id = newId('job');
    expect(parseId('job', id)).toBe(id);
    expect(kindOfId(id)).toBe('job');
  });
});

describe('an id from a caller', () => {
  it.each(['chk_a', 'chk_SKU-4711.b~2_c', `chk_${'x'.repeat(120)}`])('may be %s', (id) => {
    expect(parseId('chunk', id)).toBe(id);
    expect(kindOfId(id)).toBe('chunk');
  });

  it.each([
    '',
    'chk_',
    'chk',
    'doc_a',
    'CHK_a',
    'chk_a b',
    'chk_a\n',
    'chk_a\0',
    'chk_\ud800',
    'chk_é',
    'chk_a/../b',
    `chk_${'x'.repeat(121)}`,
  ])('may not be %j', (id) => {
    const error = thrown(() => parseId('chunk', id, ['input', 'id']), 'InvalidArgumentError');
    expect(error.message).toMatch(/^Got ".*" as the id of a chunk; expected chk_ and 1 to 120/);
    expect(error.path).toEqual(['input', 'id']);
    expect(kindOfId(id)).toBe(id === 'doc_a' ? 'document' : undefined);
  });

  it('is cut short in the error when it is long', () => {
    const error = thrown(() => parseId('chunk', 'x'.repeat(1_000_000)), 'InvalidArgumentError');
    expect(error.message.length).toBeLessThan(300);
  });
});
