import { buildSchema, execute, type GraphQLObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { GUARDED_TYPES } from '../../src/access/needs.ts';
import { AlcoveError } from '../../src/errors.ts';
import { withMappedErrors } from '../../src/graphql/errorMapping.ts';
import { exposedProperty, withExposedProperties } from '../../src/graphql/exposed.ts';
import { schema } from '../../src/graphql/schema.ts';
import { PreparedOperation } from '../../src/server/operations/PreparedOperation.ts';

const fieldsOf = (name: string, of = schema) => (of.getType(name) as GraphQLObjectType).getFields();

describe('the properties that fields expose', () => {
  it('are known of fields that do nothing else', () => {
    expect(exposedProperty(fieldsOf('KnnEdge').node?.resolve)).toBe('chunk');
    expect(exposedProperty(fieldsOf('Chunk').isTruncated?.resolve)).toBe('truncated');
    expect(exposedProperty(fieldsOf('KnnConnection').matchCount?.resolve)).toBeUndefined();
  });

  it('are not known where a guard stands before them, which would be passed by', () => {
    const guarded = GUARDED_TYPES.flatMap((name) => Object.values(fieldsOf(name)));
    expect(guarded.some(({ extensions }) => 'pothosExposedField' in extensions)).toBe(true);
    expect(guarded.filter(({ resolve }) => exposedProperty(resolve) !== undefined)).toEqual([]);
  });

  it('are written as their resolvers would have answered, whatever they are', async () => {
    const tiny = buildSchema(
      'type Query { things: [Thing] } type Thing { may: Int must: Int! below: Thing all: [Thing!] }',
    );
    for (const field of Object.values(fieldsOf('Thing', tiny))) {
      field.resolve = (source) => source[`_${field.name}`];
      field.extensions = { pothosExposedField: `_${field.name}` };
    }
    withMappedErrors(withExposedProperties(tiny));
    expect(exposedProperty(fieldsOf('Thing', tiny).may?.resolve)).toBe('_may');
    const refusal = new AlcoveError('InvalidArgumentError', 'Got nothing.', { path: ['k'] });
    const failing = {
      _must: 1,
      get _may(): number {
        throw refusal;
      },
    };
    const things = [
      { _may: 1, _must: 2, _below: { _must: 3 }, _all: [{ _must: 4 }] },
      { _may: Promise.resolve(1), _must: 2, _below: Promise.resolve({ _must: 3 }), _all: null },
      { _may: Promise.reject(refusal), _must: 2, _all: [null] },
      { _may: null, _must: null },
      { _may: 1.5, _must: 2, _below: failing },
      { _may: new Error('returned'), _must: 2, _below: null },
      null,
    ];
    const document = parse('{ things { may must below { may must } all { must } } }');
    const prepared = PreparedOperation.of(tiny, document, undefined);
    const values = prepared?.variablesOf({});
    const plan = values && prepared?.planFor(values);
    if (!prepared || !plan) throw new Error('not prepared');
    const expected = await execute({ schema: tiny, document, rootValue: { things }, contextValue: {} });
    const { data, errors } = await prepared.execute(plan, values, {}, { things });
    expect(data).toBe(JSON.stringify(expected.data));
    const told = (all: typeof errors = []) => all.map((error) => JSON.stringify(error)).sort();
    expect(told(errors)).toEqual(told(expected.errors));
    expect(errors.length).toBeGreaterThan(3);
  });
});
