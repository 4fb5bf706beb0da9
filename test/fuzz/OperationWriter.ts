import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type OperationTypeNode,
} from 'graphql';
import type { Choice } from './Choice.ts';
import type { Known } from './Known.ts';
import { literal, ValueWriter } from './ValueWriter.ts';

/** What is sent to GraphQL, however it is sent. */
export interface Operation {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

/** What takes away the ground that other operations stand on, or keeps a core busy for seconds. */
const SELDOM = ['deleteLibrary', 'reindex', 'reembed'];
/** Fields inside one another. */
const MAX_DEPTH = 6;

/** Writes one operation that the schema allows: fields, arguments, aliases, fragments and directives as they come. */
export class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #choice: Choice;
  readonly #values: ValueWriter;
  readonly #variables = new Map<string, { readonly type: string; readonly value: unknown }>();
  readonly #fragments: string[] = [];
  #aliases = 0;

  private constructor(schema: GraphQLSchema, choice: Choice, known: Known) {
    this.#schema = schema;
    this.#choice = choice;
    this.#values = new ValueWriter(choice, known);
  }

  static write(schema: GraphQLSchema, choice: Choice, known: Known, kind?: OperationTypeNode): Operation {
    const chosen =
      kind ??
      choice.weighted([
        [60, 'query'],
        [36, 'mutation'],
        [4, 'subscription'],
      ] as [number, OperationTypeNode][]);
    return new OperationWriter(schema, choice, known).#operation(chosen);
  }

  #operation(kind: OperationTypeNode): Operation {
    const choice = this.#choice;
    const root = this.#schema.getRootType(kind) as GraphQLObjectType;
    const fields = Object.values(root.getFields());
    const howMany =
      kind === 'subscription'
        ? 1
        : choice.weighted([
            [8, 1],
            [2, 2],
            [0.3, 6],
          ]);
    const rootField = () =>
      choice.weighted(fields.map((field) => [SELDOM.includes(field.name) ? 0.1 : 1, field] as const));
    const selections = Array.from({ length: howMany }, () => this.#field(rootField(), 1, howMany > 1));
    const declared = [...this.#variables].map(([name, { type }]) => `$${name}: ${type}`);
    const head = `${kind} Fuzzed${declared.length > 0 ? `(${declared.join(', ')})` : ''}`;
    const variables = Object.fromEntries([...this.#variables].map(([name, { value }]) => [name, value]));
    return {
      query: [`${head} { ${selections.join(' ')} }`, ...this.#fragments].join('\n'),
      ...(declared.length > 0 ? { variables } : {}),
      ...(choice.chance(0.2) ? { operationName: 'Fuzzed' } : {}),
    };
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number, mustAlias = false): string {
    const choice = this.#choice;
    const alias = mustAlias || choice.chance(0.08) ? `a${this.#aliases++}: ` : '';
    const given = field.args.filter(
      (arg) => (isNonNullType(arg.type) && arg.defaultValue === undefined) || choice.chance(0.4),
    );
    const written = given.map((arg) => `${arg.name}: ${this.#argument(arg.type, arg.name, field.name)}`);
    const type = getNamedType(field.type);
    const directive = choice.chance(0.02) ? ` ${this.#directive()}` : '';
    const inside = isLeafType(type) ? '' : ` ${this.#selectionSet(type, depth + 1)}`;
    return `${alias}${field.name}${written.length > 0 ? `(${written.join(', ')})` : ''}${directive}${inside}`;
  }

  #argument(type: GraphQLInputType, name: string, owner: string): string {
    const value = this.#values.value(type, name, owner);
    if (this.#choice.chance(0.3)) return literal(value, type);
    const variable = `v${this.#variables.size}`;
    this.#variables.set(variable, { type: String(type), value });
    return `$${variable}`;
  }

  #directive(): string {
    return this.#choice.from([
      '@include(if: true)',
      '@skip(if: false)',
      '@include(if: false)',
      '@skip(if: true)',
    ]);
  }

  #selectionSet(type: GraphQLNamedType, depth: number): string {
    const inner = this.#selections(type, depth);
    if (!this.#choice.chance(0.05)) return `{ ${inner} }`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type.name} { ${inner} }`);
    return `{ ...${name} }`;
  }

  #selections(type: GraphQLNamedType, depth: number): string {
    const choice = this.#choice;
    if (isAbstractType(type)) {
      const error = this.#schema.getType('Error');
      const possible = this.#schema.getPossibleTypes(type);
      const errors = possible.filter((each) => each.getInterfaces().some((one) => one === error));
      const answers = possible.filter((each) => !errors.includes(each));
      const parts = choice
        .some(answers, 2)
        .map((each) => `... on ${each.name} { ${this.#selections(each, depth)} }`);
      if (errors.length > 0) parts.push('... on Error { code message path retryable }');
      return `__typename ${parts.join(' ')}`;
    }
    if (!isObjectType(type)) return '__typename';
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    const chosen =
      depth >= MAX_DEPTH ? choice.some(leaves, 3) : choice.some(fields, choice.chance(0.05) ? 12 : 4);
    const written = chosen.map((field) => this.#field(field, depth));
    return written.length > 0 ? written.join(' ') : '__typename';
  }
}
