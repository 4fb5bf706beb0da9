import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDateTime, parseDateTime } from '../../src/library/dateTime.ts';

describe('a date-time', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2024-02-29T12:00:00z', 1_709_208_000_000],
    ['2024-01-01t00:00:00.123456789+05:30', 1_704_047_400_123],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['9999-12-31T23:59:59.9999Z', 253_402_300_799_999],
  ])('is read from %s', (text, ms) => expect(parseDateTime(text)).toBe(ms));

  it.each([
    '2024-01-01',
    '2024-01-01T00:00:00',
    '2024-01-01 00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2024-01-01T00:00:00+24:00',
    '0000-01-01T00:00:00+01:00',
    '+020240-01-01T00:00:00Z',
    '2024-01-01T00:00:00Z\n',
    'today',
    '',
  ])('is not %j', (text) => expect(parseDateTime(text)).toBeUndefined());

  it('comes back from its canonical text', () => {
    const range = { min: -62_167_219_200_000, max: 253_402_300_799_999 };
    fc.assert(
      fc.property(fc.integer(range), (ms) => parseDateTime(formatDateTime(ms)) === ms),
      { seed: 7 },
    );
  });
});
