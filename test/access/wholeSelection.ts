import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Arguments of fields below the root that cannot do without, as text. */
export type NestedArguments = Readonly<Record<string, string>>;

/**
 * Everything that can be selected of a type, with every member of unions and interfaces, each type once on each path. Every field
 * that was named is put into `visited`, as `Type.field`; those of `left` are passed over.
 */
export class WholeSelection {
  readonly visited = new Set<string>();
  readonly #schema: GraphQLSchema;
  readonly #nested: NestedArguments;
  readonly #left: ReadonlySet<string>;

  constructor(
    schema: GraphQLSchema,
    options: { readonly nested: NestedArguments; readonly left: ReadonlySet<string> },
  ) {
    this.#schema = schema;
    this.#nested = options.nested;
    this.#left = options.left;
  }

  /** `{ … }`, or nothing for a scalar. */
  of(type: GraphQLOutputType, path: readonly string[] = []): string {
    const named = getNamedType(type);
    if (isAbstractType(named)) {
      const members = this.#schema
        .getPossibleTypes(named)
        .filter(({ name }) => !path.includes(name))
        .map((member) => `... on ${member.name} ${this.#fields(member, path)}`);
      return `{ __typename ${members.join(' ')} }`;
    }
    return isObjectType(named) ? this.#fields(named, path) : '';
  }

  /** Each field under a name of its own, so that members of a union may disagree on its type. */
  #fields(type: GraphQLObjectType, path: readonly string[]): string {
    const below = [...path, type.name];
    const fields = Object.values(type.getFields()).map((field) => this.#field(type.name, field, below));
    return `{ __typename ${fields.join(' ')} }`;
  }

  #field(typename: string, field: GraphQLField<unknown, unknown>, path: readonly string[]): string {
    const name = `${typename}.${field.name}`;
    const named = getNamedType(field.type);
    if (this.#left.has(name)) return '';
    const given = this.#nested[name];
    if (given === undefined && field.args.some(isRequiredArgument)) {
      throw new Error(`${name} needs arguments: say which in the matrix`);
    }
    this.visited.add(name);
    const below =
      isObjectType(named) && path.includes(named.name) ? '{ __typename }' : this.of(field.type, path);
    return `${typename}_${field.name}: ${field.name}${given ?? ''} ${below}`;
  }
}
