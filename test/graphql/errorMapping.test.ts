import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlcoveError, ERROR_KINDS, type ErrorKind } from '../../src/errors.ts';
import { toGraphQLError } from '../../src/graphql/errorMapping.ts';
import { TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.close());

const failing = (error: Error) => ({
  writer: { ...api.context.writer, submit: () => Promise.reject(error) } as never,
});
const CREATE = 'mutation { createLibrary(input: { name: "x" }) { __typename ... on Error { code } } }';

describe('an error outside the payload', () => {
  it('keeps code, path, details and whether a retry helps, and its place in the query', async () => {
    const { errors } = await api.run('{ libraries(first: 5000) { totalCount } }');
    expect(errors).toEqual([
      {
        message: expect.stringContaining('5000'),
        path: ['libraries'],
        locations: [{ line: 1, column: 3 }],
        extensions: expect.objectContaining({
          code: 'BAD_USER_INPUT',
          kind: 'InvalidArgumentError',
          path: ['first'],
          retryable: false,
        }),
      },
    ]);
  });

  it('is one of the server itself, which any field can meet', async () => {
    for (const kind of [
      'ShuttingDownError',
      'StoreUnavailableError',
      'OverloadedError',
      'DamagedError',
    ] as const) {
      const { data, errors } = await api.run(CREATE, {}, failing(new AlcoveError(kind, 'Not now.')));
      expect(data).toBeNull();
      expect(errors[0]).toMatchObject({
        message: 'Not now.',
        extensions: { kind, code: ERROR_KINDS[kind].code, retryable: ERROR_KINDS[kind].retryable },
      });
    }
  });

  it('is masked if it is a bug', async () => {
    const { data, errors } = await api.run(CREATE, {}, failing(new TypeError('secret of the house')));
    expect(data).toBeNull();
    expect(errors).toEqual([
      {
        message: 'Internal error',
        path: ['createLibrary'],
        locations: [{ line: 1, column: 12 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
    expect(toGraphQLError('not even an error').message).toBe('Internal error');
  });

  it('is passed on if it is one of GraphQL, with a code if it has none', async () => {
    const cases = [
      '{ nothing }',
      'query ($library: LibraryBy!) { library(by: $library) { id } }',
      '{ library(by: { id: "lib_a", name: "b" }) { id } }',
      '{ libraries { edges { node { documents(filter: { createdAt: { gt: "2026-02-30T00:00:00Z" } }) { totalCount } } } } }',
    ];
    for (const query of cases) {
      const { errors } = await api.run(query);
      expect(errors[0]?.extensions, query).toEqual({ code: 'BAD_USER_INPUT' });
    }
    const own = new GraphQLError('kept', { extensions: { code: 'OWN' } });
    expect(toGraphQLError(own)).toMatchObject({ message: 'kept', extensions: { code: 'OWN' } });
  });
});

describe('every kind of error', () => {
  it('is a type of the schema, with the fields of Error', async () => {
    const { __schema } = await api.data('{ __schema { types { name interfaces { name } } } }');
    for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
      const type = __schema.types.find(({ name }: { name: string }) => name === kind);
      expect(type?.interfaces, kind).toEqual([{ name: 'Error' }]);
    }
  });
});

describe('scalars', () => {
  it('refuse what they are not, saying what they are', async () => {
    const gt = async (value: unknown) =>
      (
        await api.run(
          'query ($at: DateTime) { libraries(first: 1) { totalCount } library(by: { id: "lib_x" }) { documents(filter: { createdAt: { gt: $at } }) { totalCount } } }',
          { at: value },
        )
      ).errors[0];
    for (const value of ['yesterday', '2026-01-31', '2026-02-30T00:00:00Z', 1_700_000_000, true]) {
      expect(await gt(value)).toMatchObject({
        message: expect.stringContaining('RFC 3339'),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    expect(await gt('2026-01-31T09:30:00+01:00')).toBeUndefined();
  });
});
