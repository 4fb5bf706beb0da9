import type { SqlValue } from '../store/Database.ts';
import { checkWholeNumber, invalidArgument } from './checks.ts';
import type { Cursors, Place } from './cursors.ts';
import type { Page, PageRequest } from './LibraryReader.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './limits.ts';

/** An ordered list of rows: what it is called in its cursors, and the columns that order it, the last one unique. */
export interface ListOrder<Row> {
  readonly list: string;
  readonly columns: readonly string[];
  readonly direction: 'ASC' | 'DESC';
  /** The values of `columns` in one row. */
  readonly place: (row: Row) => Place;
}

/** The end of a statement that reads one page: conditions to add after AND, order and limit. */
interface PageClause {
  readonly conditions: string;
  readonly orderAndLimit: string;
  readonly parameters: readonly SqlValue[];
}

/**
 * Reads one page by its keys, never by an offset. `read` runs the statement and answers its rows; it is asked for one
 * row more than the page has, which tells whether there is another page.
 * @throws AlcoveError InvalidArgumentError for limits out of range, `first` with `last`, or a foreign cursor.
 */
export function readPage<Row, Node>(
  cursors: Cursors,
  order: ListOrder<Row>,
  request: PageRequest,
  read: (clause: PageClause) => Row[],
  toNode: (row: Row) => Node,
): Page<Node> {
  const { isBackward, size } = checkRequest(request);
  const after = placeOf(cursors, order.list, request.after, 'after');
  const before = placeOf(cursors, order.list, request.before, 'before');
  const rows = read(pageClause(order, { after, before, isBackward, size }));
  const hasMore = rows.length > size;
  if (hasMore) rows.pop();
  if (isBackward) rows.reverse();
  return {
    edges: rows.map((row) => ({ cursor: cursors.encode(order.list, order.place(row)), node: toNode(row) })),
    // Where a cursor was given, the row that it was made for lies on its other side.
    hasNextPage: isBackward ? before !== undefined : hasMore || before !== undefined,
    hasPreviousPage: isBackward ? hasMore || after !== undefined : after !== undefined,
  };
}

function checkRequest(request: PageRequest): { readonly isBackward: boolean; readonly size: number } {
  const { first, last } = request;
  if (first !== undefined && last !== undefined) {
    throw invalidArgument('a page', `first ${first} and last ${last}`, 'one of them', ['first']);
  }
  const range = { min: 1, max: MAX_PAGE_SIZE };
  if (first !== undefined) checkWholeNumber('first', first, range, ['first']);
  if (last !== undefined) checkWholeNumber('last', last, range, ['last']);
  const isBackward = last !== undefined || (first === undefined && request.before !== undefined);
  return { isBackward, size: first ?? last ?? DEFAULT_PAGE_SIZE };
}

function placeOf(
  cursors: Cursors,
  list: string,
  cursor: string | undefined,
  argument: 'after' | 'before',
): Place | undefined {
  return cursor === undefined ? undefined : cursors.decode(list, cursor, argument);
}

function pageClause<Row>(
  order: ListOrder<Row>,
  page: {
    readonly after: Place | undefined;
    readonly before: Place | undefined;
    readonly isBackward: boolean;
    readonly size: number;
  },
): PageClause {
  const columns = order.columns.join(', ');
  const marks = order.columns.map(() => '?').join(', ');
  const isAscending = order.direction === 'ASC';
  const conditions: string[] = [];
  const parameters: SqlValue[] = [];
  if (page.after !== undefined) {
    conditions.push(` AND (${columns}) ${isAscending ? '>' : '<'} (${marks})`);
    parameters.push(...page.after);
  }
  if (page.before !== undefined) {
    conditions.push(` AND (${columns}) ${isAscending ? '<' : '>'} (${marks})`);
    parameters.push(...page.before);
  }
  const direction = isAscending === page.isBackward ? 'DESC' : 'ASC';
  const orderBy = order.columns.map((column) => `${column} ${direction}`).join(', ');
  return {
    conditions: conditions.join(''),
    orderAndLimit: ` ORDER BY ${orderBy} LIMIT ?`,
    parameters: [...parameters, page.size + 1],
  };
}
