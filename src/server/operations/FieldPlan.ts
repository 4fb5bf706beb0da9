import {
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  getArgumentValues,
  Kind,
  type ValueNode,
} from 'graphql';
import type { LeafWriter } from './leafJson.ts';
import type { OperationRun } from './OperationRun.ts';
import type { Writer } from './writers.ts';

type Arguments = Record<string, unknown>;

/** One field of an object, with all that can be known of it before anything is asked. */
export interface FieldPlan {
  readonly name: string;
  /** What it is answered under. */
  readonly key: string;
  /** `"key":`, and the same behind another field. */
  readonly first: string;
  readonly next: string;
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  /** Undefined where the value is the property of the field's name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  /** What the resolver answers, where that is a property of the object and nothing else. */
  readonly property: string | undefined;
  /** @throws GraphQLError for what is missing. */
  readonly argumentsFor: (run: OperationRun) => Arguments;
  readonly write: Writer;
  /** Of a scalar or an enum: writes what is neither null nor an object. */
  readonly writeLeaf: LeafWriter | undefined;
  /** Whether there is something below it, or errors could be below it: then its place is made before it is written. */
  readonly hasPlace: boolean;
  readonly isNonNull: boolean;
}

const NONE: Arguments = Object.freeze(Object.create(null));

/** How a field's arguments come to be: once, where no variable is in them. */
export function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (run: OperationRun) => Arguments {
  if (definition.args.length === 0) return () => NONE;
  const given = node.arguments ?? [];
  const [only] = given;
  if (given.length === 1 && definition.args.length === 1 && only?.value.kind === Kind.VARIABLE) {
    const argument = only.name.value;
    const variable = only.value.name.value;
    return (run) => {
      const value = run.variables.coerced[variable];
      // What is null or left out may have a default, or be an error.
      return value == null ? getArgumentValues(definition, node, run.variables) : { [argument]: value };
    };
  }
  if (given.some(({ value }) => hasVariable(value)))
    return (run) => getArgumentValues(definition, node, run.variables);
  let constant: Arguments | undefined;
  return (run) => {
    constant ??= getArgumentValues(definition, node, run.variables);
    return { ...constant };
  };
}

function hasVariable(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return value.values.some(hasVariable);
    case Kind.OBJECT:
      return value.fields.some((field) => hasVariable(field.value));
    default:
      return false;
  }
}
