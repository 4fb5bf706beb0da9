import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
} from 'graphql';

/** Writes a value that is not null as JSON. @throws Error when it is not one of the type. */
export type LeafWriter = (value: unknown) => string;

const MIN_INT = -(2 ** 31);
const MAX_INT = 2 ** 31 - 1;

/** How values of a scalar or an enum are written: what the type's own `serialize` makes of them, as JSON. */
export function leafWriter(type: GraphQLLeafType): LeafWriter {
  const slow = (value: unknown) => serialized(type, value);
  if (type === GraphQLString || type === GraphQLID)
    return (value) => (typeof value === 'string' ? JSON.stringify(value) : slow(value));
  if (type === GraphQLFloat)
    return (value) => (typeof value === 'number' && Number.isFinite(value) ? numberJson(value) : slow(value));
  if (type === GraphQLInt)
    return (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= MIN_INT && value <= MAX_INT
        ? numberJson(value)
        : slow(value);
  if (type === GraphQLBoolean)
    return (value) => (value === true ? 'true' : value === false ? 'false' : slow(value));
  return slow;
}

/** As JSON has it: the negative zero is none there. */
function numberJson(value: number): string {
  return String(value);
}

function serialized(type: GraphQLLeafType, value: unknown): string {
  const result = serialize(type, value);
  if (result === null || result === undefined) {
    throw new Error(
      `Expected \`${type.name}.serialize(${value})\` to return non-nullable value, returned: ${result}`,
    );
  }
  return JSON.stringify(result);
}

/** A refusal of the type is an error of ours, and no error of the client's. */
function serialize(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.serialize(value);
  } catch (error) {
    throw error instanceof GraphQLError ? new Error(error.message) : error;
  }
}
