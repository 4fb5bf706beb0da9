import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  isObjectType,
  locatedError,
  visit,
} from 'graphql';
import { variablesReader } from './inputReaders.ts';
import { OperationPlan } from './OperationPlan.ts';
import { OperationRun, type Variables } from './OperationRun.ts';
import { costReader } from './operationCost.ts';
import { type Conditions, Selections } from './selections.ts';

/** Each condition of an operation doubles its plans; one with more outcomes than this is Yoga's. */
const MAX_PLANS = 16;

/** What an operation answered: its data as JSON, and what went wrong. */
export interface Executed {
  readonly data: string;
  readonly errors: readonly GraphQLError[];
}

/**
 * A valid query or mutation that can be executed as it stands, by plans that are made once. It answers what graphql-js
 * and Yoga answer, byte for byte; see docs/decisions/0023.
 */
export class PreparedOperation {
  readonly #schema: GraphQLSchema;
  readonly #root: GraphQLObjectType;
  readonly #selections: Selections;
  readonly #plans = new Map<string, OperationPlan>();

  private constructor(
    schema: GraphQLSchema,
    root: GraphQLObjectType,
    selections: Selections,
    costOf: PreparedOperation['costOf'],
  ) {
    this.costOf = costOf;
    this.#schema = schema;
    this.#root = root;
    this.#selections = selections;
    this.variablesOf = variablesReader(schema, selections.operation);
  }

  /** Undefined for what is Yoga's: subscriptions, introspection, `@defer`, `@stream` and other directives. */
  static of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operationName: string | undefined,
  ): PreparedOperation | undefined {
    const operation = getOperationAST(document, operationName);
    const root = operation && schema.getRootType(operation.operation);
    if (!operation || !root || operation.operation === 'subscription') return undefined;
    const selections = new Selections(schema, document, operation);
    if (selections.hasOtherDirectives || asksForSchema(document) || !isPlain(schema)) return undefined;
    return new PreparedOperation(schema, root, selections, costReader(document, operationName));
  }

  /** The variables as resolvers see them, or undefined where something is wrong with them: Yoga says what. */
  readonly variablesOf: (given: Readonly<Record<string, unknown>>) => Variables | undefined;

  /** What it could cost with variables as they were given: see operationCost. */
  readonly costOf: (given: Readonly<Record<string, unknown>>) => number;

  /** What to do for these variables, or undefined where a condition has no value or there are too many outcomes. */
  planFor({ coerced }: Variables): OperationPlan | undefined {
    const names = this.#selections.conditionNames;
    const values = names.map((name) => coerced[name]);
    if (!values.every((value) => typeof value === 'boolean')) return undefined;
    const outcome = values.join();
    const known = this.#plans.get(outcome);
    if (known !== undefined) return known;
    if (this.#plans.size === MAX_PLANS) return undefined;
    const conditions: Conditions = Object.fromEntries(names.map((name, at) => [name, values[at]]));
    const plan = new OperationPlan(this.#schema, this.#selections, this.#root, conditions);
    this.#plans.set(outcome, plan);
    return plan;
  }

  /** Executes it, on a value whose properties are the root's fields where those have no resolvers. Rejects never: what is thrown is an error of the answer. */
  async execute(
    plan: OperationPlan,
    variables: Variables,
    context: object,
    root?: object,
  ): Promise<Executed> {
    const run = new OperationRun(this.#schema, this.#selections, variables, context);
    try {
      return { data: await plan.write(run, root), errors: run.errors };
    } catch (error) {
      return { data: 'null', errors: [...run.errors, locatedError(error, undefined, undefined)] };
    }
  }
}

function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, {
    Field: ({ name }) => {
      if (name.value.startsWith('__') && name.value !== '__typename') asks = true;
    },
  });
  return asks;
}

const plain = new WeakMap<GraphQLSchema, boolean>();

/** Whether every abstract type says which type a value has, and no object type has to be asked. */
function isPlain(schema: GraphQLSchema): boolean {
  const known = plain.get(schema);
  if (known !== undefined) return known;
  const is = Object.values(schema.getTypeMap()).every((type) =>
    isAbstractType(type)
      ? type.resolveType !== undefined
      : !isObjectType(type) || type.isTypeOf === undefined,
  );
  plain.set(schema, is);
  return is;
}
