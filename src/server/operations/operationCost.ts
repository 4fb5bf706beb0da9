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

/** What a search costs beside the fields of its hits, and one that compares with every vector. */
const SEARCH_COST = 100;
const EXACT_SEARCH_COST = 1_000;
const SEARCH_FIELDS: readonly string[] = ['knnSearch', 'search', 'similarDocuments'];

type Values = Readonly<Record<string, unknown>>;

/**
 * What an operation could cost, before anything of it is done: one for each field that it would have answered if every page were
 * full, and what its searches cost by themselves. Pages within pages multiply, whatever their depth, and so do the
 * searches of a batch. The operation must have been validated.
 */
export function operationCost(
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
        const { count, work, page: below } = extent(selection, variables);
        const times = selection.name.value === 'edges' ? page : count;
        size +=
          times *
          (1 +
            work +
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

interface Extent {
  /** How many values the field has itself. */
  readonly count: number;
  /** What its searches cost. */
  readonly work: number;
  /** How many edges. */
  readonly page?: number;
}

/** What a field's arguments say. */
function extent(field: FieldNode, variables: Values): Extent {
  if (!field.arguments?.length) return { count: 1, work: 0 };
  const values: Values = Object.fromEntries(
    field.arguments.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
  const { ids, input } = values as { ids?: unknown; input?: Values };
  // Variables are as the client sent them: what is no search is refused when they are coerced.
  const searches = Array.isArray(input?.searches) ? (input.searches as unknown[]) : undefined;
  const page = searches
    ? searches.reduce<number>((sum, search) => sum + (pageOf(Object(search)) ?? DEFAULT_PAGE_SIZE), 0)
    : pageOf({ ...input, ...values });
  const work = workOf(field.name.value, input, searches);
  return { count: Array.isArray(ids) ? ids.length : 1, work, ...(page === undefined ? {} : { page }) };
}

function pageOf({ first, last, k }: Values): number | undefined {
  const asked = [first, last, k].find((value) => typeof value === 'number' && value >= 0);
  return asked as number | undefined;
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}

function workOf(name: string, input: unknown, searches: readonly unknown[] | undefined): number {
  if (searches) return searches.reduce<number>((sum, search) => sum + searchCost(search), 0);
  return SEARCH_FIELDS.includes(name) ? searchCost(input) : 0;
}

/** Of each way, a search by words and meaning looks at as many as it goes deep. */
function searchCost(input: unknown): number {
  const { accuracy, depth } = (isValues(input) ? input : {}) as { accuracy?: unknown; depth?: unknown };
  const isExact = isValues(accuracy) && accuracy.exact === true;
  return (isExact ? EXACT_SEARCH_COST : SEARCH_COST) + (typeof depth === 'number' && depth > 0 ? depth : 0);
}
