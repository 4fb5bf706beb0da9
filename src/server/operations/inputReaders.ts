import {
  coerceInputLiteral,
  coerceInputValue,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { Variables } from './OperationRun.ts';

/** Makes of a value from JSON what resolvers are given, or undefined where it is not of the type. */
type Reader = (value: unknown) => unknown;

/** What reads an input object's field, and what stands for it where it is left out (undefined: nothing does). */
interface FieldReader {
  readonly name: string;
  readonly read: Reader;
  readonly isRequired: boolean;
  readonly fallback: unknown;
}

const readers = new WeakMap<GraphQLInputType, Reader>();

/** graphql-js' `coerceInputValue` with the type taken apart beforehand. */
function readerOf(type: GraphQLInputType): Reader {
  const known = readers.get(type);
  if (known !== undefined) return known;
  // Types may be within themselves, so the reader is there before its parts are.
  let read: Reader | undefined;
  const reader: Reader = (value) => {
    read ??= makeReader(type);
    return read(value);
  };
  readers.set(type, reader);
  return reader;
}

function makeReader(type: GraphQLInputType): Reader {
  if (isNonNullType(type)) {
    const inner = readerOf(type.ofType);
    return (value) => (value === null || value === undefined ? undefined : inner(value));
  }
  const inner = innerReader(type);
  return (value) => (value === null || value === undefined ? null : inner(value));
}

function innerReader(type: GraphQLInputType): Reader {
  if (isListType(type)) return listReader(readerOf(type.ofType));
  if (isInputObjectType(type)) return objectReader(type);
  return (value) => coerceInputValue(value, type);
}

function listReader(readItem: Reader): Reader {
  return (value) => {
    const items: unknown[] = [];
    for (const item of Array.isArray(value) ? value : [value]) {
      const read = readItem(item);
      if (read === undefined) return undefined;
      items.push(read);
    }
    return items;
  };
}

function objectReader(type: GraphQLInputObjectType): Reader {
  const fields = Object.values(type.getFields()).map(fieldReader);
  const names = new Set(fields.map(({ name }) => name));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const given = value as Record<string, unknown>;
    const keys = Object.keys(given);
    for (const key of keys) if (!names.has(key)) return undefined;
    const read: Record<string, unknown> = Object.create(null);
    for (const field of fields) {
      const { name } = field;
      const one = Object.hasOwn(given, name) ? given[name] : undefined;
      const coerced = one === undefined ? field.fallback : field.read(one);
      if (coerced !== undefined) read[name] = coerced;
      else if (one !== undefined || field.isRequired) return undefined;
    }
    if (!type.isOneOf) return read;
    const [only, ...others] = Object.values(read);
    return keys.length === 1 && others.length === 0 && only !== null && only !== undefined ? read : undefined;
  };
}

function fieldReader(field: GraphQLInputField): FieldReader {
  return {
    name: field.name,
    read: readerOf(field.type),
    isRequired: isRequiredInputField(field),
    fallback: fallbackOf(field.type, field.default) ?? field.defaultValue,
  };
}

function fallbackOf(type: GraphQLInputType, given: GraphQLInputField['default']): unknown {
  if (given === undefined) return undefined;
  return given.literal ? coerceInputLiteral(given.literal, type) : coerceInputValue(given.value, type);
}

/** What reads all variables of an operation; undefined where one is not of its type, or missing. */
export function variablesReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (given: Readonly<Record<string, unknown>>) => Variables | undefined {
  const variables = variableDefinitions.map((definition) => {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) throw new Error(`$${name} is of no input type`);
    const literal = definition.defaultValue;
    const signature = { name, type, default: literal && { literal } };
    const fallback = literal && coerceInputLiteral(literal, type);
    return { name, read: readerOf(type), isRequired: isNonNullType(type), signature, fallback };
  });
  return (given) => {
    const sources: Record<string, Variables['sources'][string]> = Object.create(null);
    const coerced: Record<string, unknown> = Object.create(null);
    for (const { name, read, isRequired, signature, fallback } of variables) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      sources[name] = value === undefined ? { signature } : { signature, value };
      const result = value === undefined ? fallback : read(value);
      if (result !== undefined) coerced[name] = result;
      else if (value !== undefined || isRequired) return undefined;
    }
    return { sources, coerced };
  };
}
