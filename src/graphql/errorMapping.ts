import {
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { AlcoveError } from '../errors.ts';
import type { Timed } from './Context.ts';
import { exposedProperty, exposingAs } from './exposed.ts';

/** The code of everything that is our fault. Nothing else of such an error leaves the server. */
export const INTERNAL_ERROR_CODE = 'INTERNAL_SERVER_ERROR';

/**
 * What a client sees of anything that was thrown outside a payload union:
 *
 * - an AlcoveError: its message, and as extensions its code, kind, path, whether a retry helps, and its details;
 * - an error of GraphQL itself (syntax, validation, coercion): as it is, with code BAD_USER_INPUT if it has none;
 * - anything else: "Internal error", with the place in the query and nothing besides.
 */
export function toGraphQLError(error: unknown): GraphQLError {
  const cause = causeOf(error);
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (cause instanceof AlcoveError) {
    const { kind, code, path, retryable, detail } = cause;
    return new GraphQLError(cause.message, {
      ...place,
      originalError: cause,
      extensions: { ...detail, code, kind, path, retryable },
    });
  }
  if (cause instanceof GraphQLError) {
    return new GraphQLError(cause.message, {
      ...place,
      ...placeOf(cause),
      extensions: { code: 'BAD_USER_INPUT', ...cause.extensions },
    });
  }
  return new GraphQLError('Internal error', { ...place, extensions: { code: INTERNAL_ERROR_CODE } });
}

/** What a chain of GraphQL errors was made from: each layer that it passes puts itself around the one before. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error;
}

function placeOf(error: GraphQLError) {
  return {
    ...(error.nodes ? { nodes: error.nodes } : { source: error.source, positions: error.positions }),
    ...(error.path ? { path: error.path } : {}),
  };
}

type AnyResolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Makes every resolver of a schema throw what {@link toGraphQLError} makes of an AlcoveError. Left to itself graphql-js
 * takes any error with a `path` for one that it has placed in the query already, and would not say where it came from.
 */
export function withMappedErrors(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve)
        field.resolve = exposingAs(resolve, mapped(mayReadMuch(field) ? inTime(resolve) : resolve));
      if (field.subscribe) field.subscribe = mapped(field.subscribe);
    }
  }
  return schema;
}

/** Fields that are one number, for which all rows may have to be looked at. */
const COUNTS: readonly string[] = ['totalCount', 'matchCount'];

function mayReadMuch({ name, type, resolve }: GraphQLField<unknown, unknown>): boolean {
  if (exposedProperty(resolve) !== undefined) return false;
  return !isLeafType(getNamedType(type)) || COUNTS.includes(name);
}

/** Does not begin, nor go on to read from the store, when the time for the whole request is over. */
function inTime(resolve: AnyResolver): AnyResolver {
  return (source, args, context, info) => {
    const { deadline } = context as Partial<Timed>;
    return deadline === undefined
      ? resolve(source, args, context, info)
      : deadline.read(() => resolve(source, args, context, info));
  };
}

function mapped(resolve: AnyResolver): AnyResolver {
  return (source, args, context, info) => {
    try {
      const result = resolve(source, args, context, info);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (error) {
      // Thrown at once it would end the list around it, and what items before it are waiting for would be rejected with nobody
      // to hear of it, which ends the thread: the executor lets go of them.
      return Promise.reject(asAnswered(error));
    }
  };
}

function rethrow(error: unknown): never {
  throw asAnswered(error);
}

function asAnswered(error: unknown): unknown {
  return error instanceof AlcoveError ? toGraphQLError(error) : error;
}
