import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetadataField, MetadataType } from '../../src/library/types.ts';
import {
  MAX_FILTER_CONDITIONS,
  MAX_FILTER_DEPTH,
  MAX_FILTER_STRING,
  MAX_FILTER_VALUES,
} from '../../src/search/filter/FilterReading.ts';
import type { ChunkFilterInput, DocumentFilterInput } from '../../src/search/filter/input.ts';
import { parseChunkFilter, parseDocumentFilter } from '../../src/search/filter/parse.ts';
import { thrown } from '../library/TestStore.ts';

const field = (name: string, type: MetadataType, filterable = true): MetadataField => ({
  name,
  type,
  description: null,
  filterable,
});
const FIELDS = [
  field('language', 'STRING'),
  field('tags', 'STRING_LIST'),
  field('year', 'NUMBER'),
  field('draft', 'BOOLEAN'),
  field('seen', 'DATE_TIME'),
  field('secret', 'STRING', false),
];
const parse = (filter: unknown) => parseChunkFilter(filter as ChunkFilterInput, FIELDS);
const refused = (filter: unknown) => thrown(() => parse(filter), 'InvalidFilterError');
const meta = (name: string, is: unknown) => ({ metadata: [{ field: name, is }] });

describe('a filter', () => {
  it('says "created after a date, and the title contains xyz"', () => {
    expect(parse({ createdAt: { gt: 5 }, document: { title: { contains: 'xyz' } } })).toEqual({
      kind: 'and',
      all: [
        { kind: 'chunk', column: 'createdAt', test: { op: 'gt', value: 5 } },
        { kind: 'document', column: 'title', test: { op: 'contains', value: 'xyz' } },
      ],
    });
  });

  it('compares fields of every type', () => {
    const tests = [
      ['language', { string: { startsWith: 'e' } }, { op: 'startsWith', value: 'e' }],
      ['language', { string: { in: ['en', 'de'] } }, { op: 'in', values: ['en', 'de'] }],
      ['tags', { list: { containsAll: ['a', 'b'] } }, { op: 'containsAll', values: ['a', 'b'] }],
      ['year', { number: { ne: 3 } }, { op: 'ne', value: 3 }],
      ['draft', { boolean: true }, { op: 'eq', value: 1 }],
      ['draft', { boolean: false }, { op: 'eq', value: 0 }],
      ['seen', { dateTime: { lte: 1_000 } }, { op: 'lte', value: 1_000 }],
      ['seen', { exists: false }, { op: 'exists', value: false }],
    ] as const;
    for (const [name, is, test] of tests) {
      expect(parse(meta(name, is))).toEqual({ kind: 'metadata', of: 'chunk', field: name, test });
    }
  });

  it('compares the fields of a document, in a filter over chunks and in one of its own', () => {
    const test = { op: 'eq', value: 2_026 };
    const predicate = { kind: 'metadata', of: 'document', field: 'year', test };
    const filter = meta('year', { number: { eq: 2_026 } });
    expect(parse({ document: filter })).toEqual(predicate);
    expect(parseDocumentFilter(filter as DocumentFilterInput, FIELDS)).toEqual(predicate);
  });

  it('compares where in its document a chunk stands', () => {
    expect(parse({ page: { gte: 2 } })).toEqual({
      kind: 'chunk',
      column: 'page',
      test: { op: 'gte', value: 2 },
    });
    const test = { op: 'containsAny', values: ['Safety'] };
    expect(parse({ headings: { containsAny: ['Safety'] } })).toEqual({
      kind: 'chunk',
      column: 'headings',
      test,
    });
    expect(refused({ page: { contains: '2' } } as never).path).toEqual(['page', 'contains']);
  });

  it('asks for all that it says', () => {
    expect(parse({ position: { gte: 2, lt: 5 }, not: { id: { eq: 'chk_1' } } })).toEqual({
      kind: 'and',
      all: [
        {
          kind: 'and',
          all: [
            { kind: 'chunk', column: 'position', test: { op: 'gte', value: 2 } },
            { kind: 'chunk', column: 'position', test: { op: 'lt', value: 5 } },
          ],
        },
        { kind: 'not', that: { kind: 'chunk', column: 'id', test: { op: 'eq', value: 'chk_1' } } },
      ],
    });
  });

  it('means everything when it says nothing, and nothing when it offers no choice', () => {
    const all = { kind: 'and', all: [] };
    const none = { kind: 'or', any: [] };
    for (const filter of [{}, { and: [] }, { metadata: [] }, { position: {} }, { and: undefined }])
      expect(parse(filter)).toEqual(all);
    for (const filter of [
      { or: [] },
      { id: { in: [] } },
      { position: { in: [] } },
      meta('tags', { list: { containsAny: [] } }),
    ]) {
      expect(parse(filter)).toEqual(none);
    }
    expect(parse(meta('tags', { list: { containsAll: [] } }))).toMatchObject({
      test: { op: 'exists', value: true },
    });
  });
});

describe('a refused filter', () => {
  it('names the declared fields when a field is unknown or not filterable', () => {
    const unknown = refused({ and: [{}, meta('langauge', { string: { eq: 'en' } })] });
    expect(unknown.path).toEqual(['and', '1', 'metadata', '0', 'field']);
    expect(unknown.message).toContain('language (STRING), tags (STRING_LIST), year (NUMBER)');
    expect(unknown.message).not.toContain('secret');
    expect(unknown.detail).toMatchObject({ field: 'langauge', got: 'langauge' });
    expect(refused(meta('secret', { string: { eq: 'x' } })).message).toContain('filterable: false');
  });

  it("says a field's type when another is asked for", () => {
    const error = refused(meta('year', { string: { eq: '2026' } }));
    expect(error.path).toEqual(['metadata', '0', 'is', 'string']);
    expect(error.detail).toEqual({ field: 'year', got: 'string', expected: 'number' });
    expect(error.message).toContain('has the type NUMBER');
  });

  it('holds a null, which would say "no condition" where one was meant', () => {
    for (const filter of [
      { not: null },
      { document: null },
      { createdAt: { gte: null } },
      { id: { eq: null } },
      { and: [null] },
    ]) {
      expect(refused(filter).message).toMatch(/null/);
    }
    expect(refused({ createdAt: { gte: null } }).path).toEqual(['createdAt', 'gte']);
  });

  it('holds what the schema would not let through either', () => {
    const filters = [
      null,
      7,
      [],
      { colour: 1 },
      { title: { eq: 'x' } },
      { id: {} },
      { id: { eq: 'a', in: ['b'] } },
      { id: { like: 'a' } },
      { text: 'x' },
      { text: { eq: 7 } },
      { text: { matches: 'x' } },
      { position: { eq: '1' } },
      { position: { eq: Number.NaN } },
      { position: { lt: Number.POSITIVE_INFINITY } },
      { position: { near: 1 } },
      { createdAt: { ne: 1 } },
      { and: {} },
      { or: 'x' },
      { metadata: {} },
      { metadata: [{ field: 'year' }] },
      { metadata: [{ field: 7, is: { exists: true } }] },
      meta('year', {}),
      meta('draft', { boolean: 'yes' }),
      meta('draft', { exists: 1 }),
      meta('tags', { list: { contains: ['a'] } }),
      { metadata: [{ field: 'year', is: { exists: true }, also: 1 }] },
      { document: { text: { eq: 'x' } } },
      { id: { in: 'a' } },
      { text: { eq: 'a\0b' } },
      { text: { eq: '\ud800' } },
      { text: { contains: 'x'.repeat(MAX_FILTER_STRING + 1) } },
    ];
    for (const filter of filters) {
      const { detail } = refused(filter);
      expect(detail.got, JSON.stringify(filter)).toBeDefined();
      expect(detail.expected).toBeDefined();
    }
  });

  it('is one nested too deep, whatever it nests', () => {
    const nest = (levels: number, wrap: (inner: object) => object) => {
      let filter: object = {};
      for (let level = 1; level < levels; level++) filter = wrap(filter);
      return filter;
    };
    for (const wrap of [
      (not: object) => ({ not }),
      (inner: object) => ({ and: [inner] }),
      (inner: object) => ({ or: [inner] }),
    ]) {
      expect(() => parse(nest(MAX_FILTER_DEPTH, wrap))).not.toThrow();
      expect(refused(nest(MAX_FILTER_DEPTH + 1, wrap)).message).toContain(
        `more than ${MAX_FILTER_DEPTH} levels`,
      );
      refused(nest(100_000, wrap));
    }
  });

  it('is one of too many conditions or values', () => {
    const condition = { position: { gt: 1, lt: 9 } };
    expect(() => parse({ or: Array(MAX_FILTER_CONDITIONS / 4 - 1).fill(condition) })).not.toThrow();
    expect(refused({ or: Array(MAX_FILTER_CONDITIONS).fill({}) }).message).toContain('conditions');
    expect(() => parse({ position: { in: Array(MAX_FILTER_VALUES).fill(1) } })).not.toThrow();
    expect(refused({ position: { in: Array(1_000_000).fill(1) } }).detail.expected).toBe(
      `at most ${MAX_FILTER_VALUES}`,
    );
    const half = { id: { in: Array(MAX_FILTER_VALUES / 2 + 1).fill('chk_1') } };
    refused({ or: [half, half] });
  });

  it('is told by an InvalidFilterError, whatever it is', () => {
    const keys = fc.constantFrom(
      'and',
      'or',
      'not',
      'id',
      'text',
      'position',
      'document',
      'metadata',
      'field',
      'is',
      'eq',
      'in',
      'string',
      'number',
      'exists',
      '__proto__',
    );
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom(null, true, 1, 'year', 'x', Number.NaN, undefined),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(anything, (filter) => {
        try {
          expect(parse(filter)).toHaveProperty('kind');
        } catch (error) {
          expect(error).toMatchObject({ kind: 'InvalidFilterError' });
        }
      }),
      { numRuns: 2_000, seed: 6 },
    );
  });
});
