import { AlcoveError } from '../errors.ts';
import { trigramsOf } from '../words/trigrams.ts';
import type { SqlValue } from './Database.ts';
import { foldCase } from './foldCase.ts';
import type { ChunkColumn, DocumentColumn, Predicate, Scalar, Test } from './predicate.ts';
import { trigramMatch } from './words.ts';

/** An SQL expression that is 0 or 1, never null, with the values to bind in its order. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** Tests that one predicate may hold: a bound on SQLite's work, well above what a filter is allowed to say. */
export const MAX_PREDICATE_TESTS = 2_000;
/** How deep `and`, `or` and `not` may nest. */
export const MAX_PREDICATE_DEPTH = 100;

const CHUNK_SQL: Record<ChunkColumn, string> = {
  id: 'c.id',
  text: 'c.text',
  position: 'c.position',
  page: 'c.page',
  headings: 'c.headings',
  createdAt: 'c.created_at',
  updatedAt: 'c.updated_at',
};
const DOCUMENT_SQL: Record<DocumentColumn, string> = {
  id: 'd.id',
  title: 'd.title',
  author: 'd.author',
  sourceUrl: 'd.source_url',
  contentType: 'd.content_type',
  createdAt: 'd.created_at',
  updatedAt: 'd.updated_at',
};
const NULLABLE_SQL: readonly string[] = [CHUNK_SQL.page, DOCUMENT_SQL.author, DOCUMENT_SQL.sourceUrl];
const COMPARISON_SQL = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const FOLD_SQL = {
  contains: 'fold_contains',
  startsWith: 'fold_starts_with',
  endsWith: 'fold_ends_with',
} as const;

type ListTest = Extract<Test, { op: 'containsAny' | 'containsAll' }>;

/**
 * Compiles a predicate into a condition on rows of `chunks c`, or of `documents d`, in one library. Every value is
 * bound; the text of the SQL depends on the predicate's shape alone.
 *
 * The meaning is that of {@link Predicate}: a comparison with a value that is not there is false, `ne` included, so
 * that its `not` is true. `containsAll` of nothing holds wherever the list exists; `containsAny` of nothing never.
 *
 * `hasTrigrams`: the texts' trigrams are indexed (`hasTrigrams` of words.ts), so that they can be asked first.
 *
 * @throws AlcoveError InvalidFilterError beyond the limits above, or for a test that its column cannot answer.
 */
export function predicateSql(
  predicate: Predicate,
  rows: 'chunks' | 'documents',
  libraryKey: number,
  options: { readonly hasTrigrams?: boolean } = {},
): SqlCondition {
  const compiler = new PredicateCompiler(rows, libraryKey, options.hasTrigrams ?? false);
  const sql = compiler.compile(predicate, 0);
  return { sql, parameters: compiler.parameters };
}

class PredicateCompiler {
  readonly parameters: SqlValue[] = [];
  readonly #rows: 'chunks' | 'documents';
  readonly #libraryKey: number;
  readonly #hasTrigrams: boolean;
  #tests = 0;

  constructor(rows: 'chunks' | 'documents', libraryKey: number, hasTrigrams: boolean) {
    this.#rows = rows;
    this.#hasTrigrams = hasTrigrams;
    this.#libraryKey = libraryKey;
  }

  compile(predicate: Predicate, depth: number): string {
    if (depth > MAX_PREDICATE_DEPTH) throw tooLarge('levels', MAX_PREDICATE_DEPTH);
    switch (predicate.kind) {
      case 'and':
        return join(
          predicate.all.map((part) => this.compile(part, depth + 1)),
          'AND',
        );
      case 'or':
        return join(
          predicate.any.map((part) => this.compile(part, depth + 1)),
          'OR',
        );
      case 'not':
        return `(NOT ${this.compile(predicate.that, depth + 1)})`;
      default:
        if (++this.#tests > MAX_PREDICATE_TESTS) throw tooLarge('tests', MAX_PREDICATE_TESTS);
        return this.#leaf(predicate);
    }
  }

  #leaf(predicate: Exclude<Predicate, { kind: 'and' | 'or' | 'not' }>): string {
    const ofChunk = predicate.kind === 'chunk' || (predicate.kind === 'metadata' && predicate.of === 'chunk');
    if (ofChunk && this.#rows === 'documents')
      throw invalid('A test of a chunk cannot be asked of documents.');
    if (predicate.kind === 'chunk') return this.#ofChunk(predicate.column, predicate.test);
    if (predicate.kind === 'metadata') return this.#metadata(predicate.of, predicate.field, predicate.test);
    if (this.#rows === 'documents') return this.#column(DOCUMENT_SQL[predicate.column], predicate.test);
    // Asked once per document, however many chunks it has.
    this.parameters.push(this.#libraryKey);
    const condition = this.#column(DOCUMENT_SQL[predicate.column], predicate.test);
    return `c.document_key IN (SELECT d.key FROM documents d WHERE d.library_key = ? AND ${condition})`;
  }

  /** A part of the text is looked for among its trigrams first, which leave few texts to look at. */
  #ofChunk(column: ChunkColumn, test: Test): string {
    const isPart = test.op === 'contains' || test.op === 'startsWith' || test.op === 'endsWith';
    const match =
      column === 'text' && isPart && this.#hasTrigrams
        ? trigramMatch(this.#libraryKey, trigramsOf(foldCase(test.value)))
        : undefined;
    if (match === undefined) return this.#column(CHUNK_SQL[column], test);
    this.parameters.push(match);
    const candidates = 'SELECT t.rowid & 0xffffffff FROM chunk_trigrams t WHERE t.chunk_trigrams MATCH ?';
    return `(c.ordinal IN (${candidates}) AND ${this.#column(CHUNK_SQL[column], test)})`;
  }

  /** A test of a column, which may be null: then it is false. */
  #column(column: string, test: Test): string {
    if (test.op === 'exists') return `(${column} IS ${test.value ? 'NOT NULL' : 'NULL'})`;
    if (isListTest(test)) {
      if (column === CHUNK_SQL.headings) return this.#inJsonList(column, test);
      throw invalid(`${test.op} asks for a string list, which ${column.slice(2)} is not.`);
    }
    const nullable = NULLABLE_SQL.includes(column);
    const condition = this.#scalar(column, test);
    return nullable ? `coalesce(${condition}, 0)` : condition;
  }

  /** A test of a column that holds a list as JSON. */
  #inJsonList(column: string, { op, values }: ListTest): string {
    this.parameters.push(jsonList(values));
    const isIn = `IN (SELECT i.value FROM json_each(${column}) i)`;
    return op === 'containsAny'
      ? `EXISTS (SELECT 1 FROM json_each(?) j WHERE j.value ${isIn})`
      : `NOT EXISTS (SELECT 1 FROM json_each(?) j WHERE j.value NOT ${isIn})`;
  }

  #metadata(of: 'chunk' | 'document', field: string, test: Test): string {
    const key = of === 'chunk' ? 'c.key' : this.#rows === 'chunks' ? 'c.document_key' : 'd.key';
    this.parameters.push(this.#libraryKey, field);
    const values = `SELECT v.${of}_key FROM ${of}_values v
      WHERE v.field_key = (SELECT f.key FROM metadata_fields f WHERE f.library_key = ? AND f.name = ?)`;
    if (test.op === 'exists') return `${key} ${test.value ? 'IN' : 'NOT IN'} (${values})`;
    if (!isListTest(test)) {
      return `${key} IN (${values} AND ${this.#scalar('v.value', test)})`;
    }
    const wanted = [...new Set(test.values)];
    if (test.op === 'containsAll' && wanted.length === 0) return `${key} IN (${values})`;
    const isWanted = this.#scalar('v.value', { op: 'in', values: wanted });
    if (test.op === 'containsAny') return `${key} IN (${values} AND ${isWanted})`;
    this.parameters.push(wanted.length);
    return `${key} IN (${values} AND ${isWanted} GROUP BY v.${of}_key HAVING count(*) = ?)`;
  }

  #scalar(value: string, test: Exclude<Test, ListTest | { op: 'exists' }>): string {
    switch (test.op) {
      case 'in':
        this.parameters.push(jsonList(test.values));
        return `(${value} IN (SELECT j.value FROM json_each(?) j))`;
      case 'contains':
      case 'startsWith':
      case 'endsWith':
        this.parameters.push(foldCase(test.value));
        return `${FOLD_SQL[test.op]}(${value}, ?)`;
      default:
        this.parameters.push(test.value);
        return `(${value} ${COMPARISON_SQL[test.op]} ?)`;
    }
  }
}

function isListTest(test: Test): test is ListTest {
  return test.op === 'containsAny' || test.op === 'containsAll';
}

/** Balanced, since SQLite bounds the depth of an expression. Of nothing, AND is true and OR is false. */
function join(conditions: readonly string[], operator: 'AND' | 'OR'): string {
  const [first] = conditions;
  if (first === undefined) return operator === 'AND' ? '1' : '0';
  if (conditions.length === 1) return first;
  const middle = conditions.length >> 1;
  return `(${join(conditions.slice(0, middle), operator)} ${operator} ${join(conditions.slice(middle), operator)})`;
}

/** A JSON list for json_each. The exponent keeps SQLite from reading a large whole number as an integer. */
function jsonList(values: readonly Scalar[]): string {
  const items = values.map((value) =>
    typeof value === 'number' ? value.toExponential() : JSON.stringify(value),
  );
  return `[${items.join(',')}]`;
}

function invalid(message: string): AlcoveError {
  return new AlcoveError('InvalidFilterError', message);
}

function tooLarge(what: string, limit: number): AlcoveError {
  return new AlcoveError(
    'InvalidFilterError',
    `The filter has more than ${limit} ${what}. Use fewer, or one "in" with many values.`,
    { detail: { expected: limit } },
  );
}
