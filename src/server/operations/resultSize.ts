import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { DEFAULT_PAGE_SIZE } from '../../library/limits.ts';

/** Fields that one operation may have answered, if every page it asks for is full. */
export const MAX_RESULT_FIELDS = 1_000_000;

type Values = Readonly<Record<string, unknown>>;

/**
 * How many fields an operation would have answered if every page were full: pages within pages multiply, whatever
 * their depth. The operation must have been validated.
 */
export function resultSize(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Values,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  /** `page` is how many edges the field around this selection has. */
  const sizeOf = (set: SelectionSetNode, page: number): number => {
    let size = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const { count, page: below } = extent(selection, variables);
        const times = selection.name.value === 'edges' ? page : count;
        size +=
          times *
          (1 +
            (selection.selectionSet ? sizeOf(selection.selectionSet, carried(selection, page, below)) : 0));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        size += sizeOf(selection.selectionSet, page);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) size += sizeOf(fragment.selectionSet, page);
      }
    }
    return size;
  };
  const operation = getOperationAST(document, operationName);
  return operation ? sizeOf(operation.selectionSet, 1) : 0;
}

/** A field without arguments (`results`) hands on the page size of the one around it. */
function carried(field: FieldNode, around: number, own: number | undefined): number {
  if (own !== undefined) return own;
  return field.name.value === 'results' ? around : DEFAULT_PAGE_SIZE;
}

/** What a field's arguments say: how many values it has itself, and how many edges. */
function extent(field: FieldNode, variables: Values): { readonly count: number; readonly page?: number } {
  if (!field.arguments?.length) return { count: 1 };
  const values: Values = Object.fromEntries(
    field.arguments.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
  const { ids, input } = values as { ids?: unknown; input?: Values };
  // Variables are as the client sent them: what is no search is refused when they are coerced.
  const searches = Array.isArray(input?.searches) ? (input.searches as unknown[]) : undefined;
  const page = searches
    ? searches.reduce<number>((sum, search) => sum + (pageOf(Object(search)) ?? DEFAULT_PAGE_SIZE), 0)
    : pageOf({ ...input, ...values });
  return { count: Array.isArray(ids) ? ids.length : 1, ...(page === undefined ? {} : { page }) };
}

function pageOf({ first, last, k }: Values): number | undefined {
  const asked = [first, last, k].find((value) => typeof value === 'number' && value >= 0);
  return asked as number | undefined;
}
