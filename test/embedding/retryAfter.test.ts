import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../src/embedding/remote/retryAfter.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('what an answer says of when to come back', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:09 GMT' }, 9_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('is read: %j', (headers, expected) => {
    expect(retryAfterMs(headers, NOW)).toBe(expected);
  });
});
