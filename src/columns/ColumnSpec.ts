import type { MetadataField, MetadataType } from '../library/types.ts';
import type { ChunkColumn, DocumentColumn, Predicate, Test } from '../store/predicate.ts';

/** How the values of a column are kept; date-times are numbers. */
export type ColumnKind = 'NUMBER' | 'BOOLEAN' | 'STRING' | 'STRING_LIST';

/** One column: what of a chunk, or of its document, it holds. Plain data. */
export interface ColumnSpec {
  /** Equal for equal columns. A field that was declared anew with another type has another key. */
  readonly key: string;
  readonly kind: ColumnKind;
  readonly of: 'chunk' | 'document';
  readonly value:
    | { readonly column: ChunkColumn | DocumentColumn }
    | { readonly field: string; readonly type: MetadataType };
}

/** A test of one value: what a predicate is made of. */
export type Leaf = Exclude<Predicate, { readonly kind: 'and' | 'or' | 'not' }>;

/** The text of a chunk and its id are no columns: nearly every one is different, and the store has an index of ids. */
const CHUNK_KINDS: Readonly<Partial<Record<ChunkColumn, ColumnKind>>> = {
  position: 'NUMBER',
  page: 'NUMBER',
  headings: 'STRING_LIST',
  createdAt: 'NUMBER',
  updatedAt: 'NUMBER',
};
const DOCUMENT_KINDS: Readonly<Record<DocumentColumn, ColumnKind>> = {
  id: 'STRING',
  title: 'STRING',
  author: 'STRING',
  sourceUrl: 'STRING',
  contentType: 'STRING',
  createdAt: 'NUMBER',
  updatedAt: 'NUMBER',
};
const FIELD_KINDS: Readonly<Record<MetadataType, ColumnKind>> = {
  STRING: 'STRING',
  STRING_LIST: 'STRING_LIST',
  NUMBER: 'NUMBER',
  BOOLEAN: 'BOOLEAN',
  DATE_TIME: 'NUMBER',
};

/** The column that can answer a leaf; undefined where only the store can. */
export function columnFor(leaf: Leaf, fields: readonly MetadataField[]): ColumnSpec | undefined {
  const spec = specOf(leaf, fields);
  return spec !== undefined && canAnswer(spec.kind, leaf.test) ? spec : undefined;
}

function specOf(leaf: Leaf, fields: readonly MetadataField[]): ColumnSpec | undefined {
  if (leaf.kind === 'metadata') {
    const field = fields.find(({ name }) => name === leaf.field);
    if (field?.filterable !== true) return undefined;
    const { name, type } = field;
    const key = `${leaf.of} metadata ${type} ${name}`;
    return { key, kind: FIELD_KINDS[type], of: leaf.of, value: { field: name, type } };
  }
  const kind = leaf.kind === 'chunk' ? CHUNK_KINDS[leaf.column] : DOCUMENT_KINDS[leaf.column];
  if (kind === undefined) return undefined;
  return { key: `${leaf.kind} ${leaf.column}`, kind, of: leaf.kind, value: { column: leaf.column } };
}

/** Whether values of a kind can be compared as a test wants; SQLite has an order for those of different types too. */
function canAnswer(kind: ColumnKind, test: Test): boolean {
  const type = kind === 'NUMBER' || kind === 'BOOLEAN' ? 'number' : 'string';
  switch (test.op) {
    case 'exists':
      return true;
    case 'containsAny':
    case 'containsAll':
      return kind === 'STRING_LIST';
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return kind === 'STRING';
    case 'in':
      return kind !== 'STRING_LIST' && test.values.every((value) => typeof value === type);
    case 'eq':
    case 'ne':
      return kind !== 'STRING_LIST' && typeof test.value === type;
    default:
      return type === 'number' && typeof test.value === 'number';
  }
}
