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

/** Of a part of an operation, where the field around it has `page` edges. */
type Cost = (page: number, variables: Values) => number;

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
  return costReader(document, operationName)(variables);
}

/** {@link operationCost} of any variables, with the operation taken apart beforehand. */
export function costReader(
  document: DocumentNode,
  operationName: string | null | undefined,
): (variables: Values) => number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<SelectionSetNode, Cost>();
  const costOf = (set: SelectionSetNode): Cost => {
    const before = known.get(set);
    if (before !== undefined) return before;
    const parts = set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return fieldCost(selection, costOf);
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      return fragment ? costOf(fragment.selectionSet) : [];
    });
    const cost: Cost = (page, variables) => {
      let sum = 0;
      for (const part of parts) sum += part(page, variables);
      return sum;
    };
    known.set(set, cost);
    return cost;
  };
  const operation = getOperationAST(document, operationName);
  const cost = operation && costOf(operation.selectionSet);
  return (variables) => cost?.(1, variables) ?? 0;
}

function fieldCost(field: FieldNode, costOf: (set: SelectionSetNode) => Cost): Cost {
  const inner = field.selectionSet && costOf(field.selectionSet);
  const isEdges = field.name.value === 'edges';
  const extentFor = extentReader(field);
  return (page, variables) => {
    const { count, work, page: below } = extentFor(variables);
    const times = isEdges ? page : count;
    return times * (1 + work + (inner?.(carried(field, page, below), variables) ?? 0));
  };
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

const ONE: Extent = { count: 1, work: 0 };

/** What a field's arguments say. */
function extentReader({ name, arguments: given }: FieldNode): (variables: Values) => Extent {
  if (!given?.length) return () => ONE;
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const { name: argument, value } of given)
      values[argument.value] = valueFromASTUntyped(value, variables);
    return extent(name.value, values);
  };
}

function extent(name: string, values: Values): Extent {
  const { ids, input } = values as { ids?: unknown; input?: Values };
  // Variables are as the client sent them: what is no search is refused when they are coerced.
  const searches = Array.isArray(input?.searches) ? (input.searches as unknown[]) : undefined;
  const page = searches
    ? searches.reduce<number>((sum, search) => sum + (pageOf(Object(search)) ?? DEFAULT_PAGE_SIZE), 0)
    : pageOf({ ...input, ...values });
  const work = workOf(name, input, searches);
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
