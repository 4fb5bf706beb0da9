import {
  type GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLResolveInfoHelpers,
  type getVariableValues,
  locatedError,
} from 'graphql';
import type { FieldPlan } from './FieldPlan.ts';
import type { Selections } from './selections.ts';

/** Variables as they were given and as resolvers see them. */
export type Variables = NonNullable<ReturnType<typeof getVariableValues>['variableValues']>;

/** A place in an answer, from the inside outwards. */
export interface Place {
  readonly prev: Place | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/** One time that an operation is executed. */
export class OperationRun {
  readonly selections: Selections;
  readonly schema: GraphQLResolveInfo['schema'];
  readonly variables: Variables;
  readonly context: object;
  /** What went wrong in fields that may be null, in the order that it did. */
  readonly errors: GraphQLError[] = [];

  constructor(
    schema: GraphQLResolveInfo['schema'],
    selections: Selections,
    variables: Variables,
    context: object,
  ) {
    this.schema = schema;
    this.selections = selections;
    this.variables = variables;
    this.context = context;
  }

  /**
   * Takes note of what was thrown at a place, which is null then.
   * @throws GraphQLError with its place, where null is not allowed: whatever is around becomes null.
   */
  failed(thrown: unknown, field: FieldPlan, place: Place, isNonNull: boolean): 'null' {
    const causes = thrown instanceof AggregateError ? thrown.errors : [thrown];
    for (const cause of causes) {
      const error = locatedError(asError(cause), [...field.nodes], keysOf(place));
      if (isNonNull) throw error;
      this.errors.push(error);
    }
    return 'null';
  }
}

/** What a resolver is told of the field that it resolves; made for every call, so what it says is looked up when asked for. */
export class FieldInfo implements GraphQLResolveInfo {
  readonly #run: OperationRun;
  readonly #field: FieldPlan;
  readonly #around: Place | undefined;

  constructor(run: OperationRun, field: FieldPlan, around: Place | undefined) {
    this.#run = run;
    this.#field = field;
    this.#around = around;
  }

  get fieldName() {
    return this.#field.name;
  }

  get fieldNodes() {
    return this.#field.nodes;
  }

  get returnType() {
    return this.#field.definition.type;
  }

  get parentType() {
    return this.#field.parentType;
  }

  get path() {
    return placeOf(this.#field, this.#around);
  }

  get schema() {
    return this.#run.schema;
  }

  get fragments() {
    return this.#run.selections.fragments;
  }

  get rootValue() {
    return undefined;
  }

  get operation() {
    return this.#run.selections.operation;
  }

  get variableValues() {
    return this.#run.variables;
  }

  getAbortSignal(): undefined {}

  getAsyncHelpers(): GraphQLResolveInfoHelpers {
    return { promiseAll: (values) => Promise.all(values), track: () => {} };
  }
}

/** The place of a field of the object at `around`. */
export function placeOf(field: FieldPlan, around: Place | undefined): Place {
  return { prev: around, key: field.key, typename: field.parentType.name };
}

function keysOf(place: Place): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Place | undefined = place; at; at = at.prev) keys.push(at.key);
  return keys.reverse();
}

/** Whatever was thrown as an Error, as Yoga makes one of it. */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown))
    return new Error(String(thrown));
  return typeof thrown.message === 'string'
    ? new Error(thrown.message, 'cause' in thrown ? { cause: thrown.cause } : undefined)
    : new Error(String(thrown));
}
