import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GraphQLBoolean,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
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

  it('gives an example wherever a value is given or answered', () => {
    const withoutExample = ownTypes
      .flatMap(describedIn)
      .filter(({ isValue, description }) => isValue && !/Examples?:|Example, /.test(description ?? ''))
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
        'search',
        'server',
      ].sort(),
    );
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual(
      [
        ...['createLibrary', 'updateLibrary', 'deleteLibrary'],
        ...['createDocument', 'upsertDocument', 'updateDocument', 'deleteDocument'],
        ...['createChunks', 'upsertChunks', 'updateChunk', 'deleteChunks'],
        ...['importFiles', 'importUrls', 'reindex', 'reembed', 'cancelJob'],
      ].sort(),
    );
    expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual([
      'indexJob',
      'indexJobs',
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
  /** Whether a value stands here that is given, or that is answered and is more than true or false. */
  readonly isValue: boolean;
}

function describedIn(type: GraphQLNamedType): Described[] {
  const all: Described[] = [{ place: type.name, description: type.description, isValue: false }];
  if (isEnumType(type)) {
    for (const value of type.getValues())
      all.push({ place: `${type.name}.${value.name}`, description: value.description, isValue: false });
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      all.push({ place: `${type.name}.${field.name}`, description: field.description, isValue: true });
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      all.push({
        place: `${type.name}.${field.name}`,
        description: field.description,
        isValue: isLeafType(getNamedType(field.type)) && getNamedType(field.type) !== GraphQLBoolean,
      });
      for (const argument of field.args)
        all.push({
          place: `${type.name}.${field.name}(${argument.name})`,
          description: argument.description,
          isValue: true,
        });
    }
  }
  return all;
}
