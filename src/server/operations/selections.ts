import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** Fields by the name that they are answered under, each with all places that ask for it. */
export type FieldsByName = ReadonlyMap<string, readonly FieldNode[]>;

/** What decides about `@skip` and `@include`: variables by name. */
export type Conditions = Readonly<Record<string, unknown>>;

/** An operation and its fragments, and which fields they select. */
export class Selections {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Names of the variables that `@skip` and `@include` depend on. */
  readonly conditionNames: readonly string[];
  /** Whether there is a directive besides those two. */
  readonly hasOtherDirectives: boolean;
  readonly #schema: GraphQLSchema;

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.operation = operation;
    const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
    const names = new Set<string>();
    let hasOtherDirectives = false;
    visit(document, {
      FragmentDefinition: (node) => {
        fragments[node.name.value] = node;
      },
      Directive: ({ name, arguments: values }) => {
        if (name.value !== 'skip' && name.value !== 'include') hasOtherDirectives = true;
        for (const { value } of values ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
    this.fragments = fragments;
    this.conditionNames = [...names];
    this.hasOtherDirectives = hasOtherDirectives;
  }

  /** The fields that some sets of selections have for an object of a type, in the order of their first mention. */
  fieldsOf(
    type: GraphQLObjectType,
    sets: readonly (SelectionSetNode | undefined)[],
    conditions: Conditions,
  ): FieldsByName {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const collect = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (!isIncluded(selection, conditions)) continue;
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const nodes = fields.get(name);
          if (nodes) nodes.push(selection);
          else fields.set(name, [selection]);
        } else {
          const fragment = this.#fragmentOf(selection, spread);
          if (fragment && this.#holdsFor(fragment.typeCondition, type)) collect(fragment.selectionSet);
        }
      }
    };
    for (const set of sets) if (set) collect(set);
    return fields;
  }

  /** A fragment that is spread twice in one place adds nothing the second time. */
  #fragmentOf(
    selection: InlineFragmentNode | FragmentSpreadNode,
    spread: Set<string>,
  ): InlineFragmentNode | FragmentDefinitionNode | undefined {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    const name = selection.name.value;
    if (spread.has(name)) return undefined;
    spread.add(name);
    return this.fragments[name];
  }

  #holdsFor(condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition.name.value === type.name) return true;
    const named = this.#schema.getType(condition.name.value);
    return isAbstractType(named) && this.#schema.isSubType(named, type);
  }
}

function isIncluded({ directives }: SelectionNode, conditions: Conditions): boolean {
  return !directives?.some(({ name, arguments: values }) => {
    const condition = values?.[0]?.value;
    const holds =
      condition?.kind === Kind.VARIABLE
        ? conditions[condition.name.value]
        : condition?.kind === Kind.BOOLEAN && condition.value;
    return name.value === 'skip' ? holds === true : holds === false;
  });
}
