import { describe, expect, it } from 'vitest';
import { checkMetadata } from '../../src/library/metadata.ts';
import type { MetadataType, MetadataValue } from '../../src/library/types.ts';
import type { FieldRow } from '../../src/store/libraries.ts';
import { thrown } from './TestStore.ts';

const TYPES: Record<string, MetadataType> = {
  text: 'STRING',
  tags: 'STRING_LIST',
  year: 'NUMBER',
  open: 'BOOLEAN',
  at: 'DATE_TIME',
};
const fields: FieldRow[] = Object.entries(TYPES).map(([name, type], index) => ({
  key: index + 1,
  name,
  type,
  description: null,
  filterable: name === 'text' ? 0 : 1,
}));

describe('metadata', () => {
  it('is kept in canonical form, in order of declaration', () => {
    const { json } = checkMetadata(fields, {
      at: '2026-01-31T13:00:00.5+01:00',
      open: false,
      year: -0,
      tags: ['b', 'a', 'b'],
      text: '“quoted” \u{1f600}',
    });
    expect(json).toBe(
      '{"text":"“quoted” \u{1f600}","tags":["b","a","b"],"year":0,"open":false,"at":"2026-01-31T12:00:00.500Z"}',
    );
  });

  it('is filed for filters where the field is filterable, each value once', () => {
    const { values } = checkMetadata(fields, {
      at: '1970-01-01T00:00:01Z',
      open: true,
      year: 1.5,
      tags: ['b', 'a', 'b'],
      text: 'not filed',
    });
    expect(values).toEqual([
      { fieldKey: 2, value: 'b' },
      { fieldKey: 2, value: 'a' },
      { fieldKey: 3, value: 1.5 },
      { fieldKey: 4, value: 1 },
      { fieldKey: 5, value: 1_000 },
    ]);
    expect(checkMetadata(fields, { tags: [] }).values).toEqual([{ fieldKey: 2, value: new Uint8Array(0) }]);
  });

  const wrong: readonly [string, unknown, RegExp][] = [
    ['text', 1, /got 1; expected text of at most/],
    ['text', 'a\0', /a NUL character/],
    ['text', 'a\ud800', /half of a surrogate pair/],
    ['text', 'x'.repeat(8_193), /got 8193 characters/],
    ['text', null, /got null/],
    ['tags', 'a', /got "a"; expected a list/],
    ['tags', ['a', 1], /got a list with 1/],
    ['tags', Array.from({ length: 1_025 }, String), /got a list of 1025/],
    ['year', '1999', /got "1999"; expected a finite number/],
    ['year', Number.NaN, /got NaN/],
    ['year', Number.POSITIVE_INFINITY, /got Infinity/],
    ['open', 1, /got 1; expected true or false/],
    ['at', '31.1.2026', /got "31.1.2026"; expected an RFC 3339/],
    ['at', { iso: 1 }, /got an object/],
  ];
  it.each(wrong)('of field %s refuses %j', (field, value, message) => {
    const error = thrown(
      () => checkMetadata(fields, { [field]: value as MetadataValue }),
      'InvalidMetadataError',
    );
    expect(error.message).toMatch(message);
    expect(error.message).toContain('Declared fields: text (STRING), tags (STRING_LIST)');
    expect(error.path).toEqual(['metadata', field]);
    expect(error.detail.field).toBe(field);
  });

  it.each(['other', '__proto__', 'constructor', 'toString'])('refuses the undeclared field %s', (name) => {
    const metadata = JSON.parse(`{${JSON.stringify(name)}: 1}`);
    const error = thrown(() => checkMetadata(fields, metadata), 'InvalidMetadataError');
    expect(error.message).toMatch(/is not declared\. Declared fields: .* Declare it with updateLibrary/);
    expect(thrown(() => checkMetadata([], metadata)).message).toContain('declares no fields');
  });

  it('refuses more bytes than its limit', () => {
    const tags = Array.from({ length: 1_000 }, (_, index) => `${index}`.padEnd(70, 'é'));
    const error = thrown(() => checkMetadata(fields, { tags }), 'InvalidMetadataError');
    expect(error.message).toMatch(/bytes of metadata; expected at most 65536/);
  });
});
