import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

describe('the schema', () => {
  it('is printed to schema.graphql; if this fails, run `node scripts/print-schema.ts`', () => {
    const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;
    expect(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8')).toBe(printed);
  });

  it('is valid', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('describes every type, field, argument and value', () => {
    const silent = ownTypes
      .flatMap(describedIn)
      .filter(({ description }) => !description?.trim())
      .map(({ place }) => place);
    expect(silent).toEqual([]);
  });

  it('gives an example wherever a value is given', () => {
    const withoutExample = ownTypes
      .flatMap(describedIn)
      .filter(({ isGiven, description }) => isGiven && !/Examples?:|Example, /.test(description ?? ''))
      .map(({ place }) => place);
    expect(withoutExample).toEqual([]);
  });

  it('keeps the root fields that clients are written against', () => {
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual(
      [
        'job',
        'jobs',
        'knnSearch',
        'knnSearchBatch',
        'libraries',
        'library',
        'node',
        'nodes',
        'server',
      ].sort(),
    );
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual(
      [
        ...['createLibrary', 'updateLibrary', 'deleteLibrary'],
        ...['createDocument', 'upsertDocument', 'updateDocument', 'deleteDocument'],
        ...['createChunks', 'upsertChunks', 'updateChunk', 'deleteChunks'],
        ...['reindex', 'cancelJob'],
      ].sort(),
    );
    expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual([
      'indexJob',
      'libraryEvents',
    ]);
  });

  it('takes an idempotency key and answers a revision with every mutation', () => {
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      const input = schema.getType(field.args[0]?.type.toString().replace('!', '') ?? '');
      expect(isInputObjectType(input) && 'idempotencyKey' in input.getFields(), field.name).toBe(true);
      const union = schema.getType(field.type.toString().replace('!', ''));
      const types = union && 'getTypes' in union ? union.getTypes() : [];
      const successes = types.filter((type) => !type.name.endsWith('Error'));
      expect(successes).toHaveLength(1);
      expect(successes[0]?.getFields(), field.name).toHaveProperty('revision');
    }
  });
});

interface Described {
  readonly place: string;
  readonly description: string | null | undefined;
  /** Whether a client gives a value here. */
  readonly isGiven: boolean;
}

function describedIn(type: GraphQLNamedType): Described[] {
  const all: Described[] = [{ place: type.name, description: type.description, isGiven: false }];
  if (isEnumType(type)) {
    for (const value of type.getValues())
      all.push({ place: `${type.name}.${value.name}`, description: value.description, isGiven: false });
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      all.push({ place: `${type.name}.${field.name}`, description: field.description, isGiven: true });
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      all.push({ place: `${type.name}.${field.name}`, description: field.description, isGiven: false });
      for (const argument of field.args)
        all.push({
          place: `${type.name}.${field.name}(${argument.name})`,
          description: argument.description,
          isGiven: true,
        });
    }
  }
  return all;
}
