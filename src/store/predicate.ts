/**
 * A filter that has been checked against its library's declared fields: plain data, safe to evaluate, the same on
 * every thread. Text operators `contains`, `startsWith` and `endsWith` fold case (Unicode NFKC, lower case); `eq`,
 * `ne` and `in` compare exactly. A comparison with a value that is not there is false, and so is its `ne`.
 */
export type Predicate =
  | { readonly kind: 'and'; readonly all: readonly Predicate[] }
  | { readonly kind: 'or'; readonly any: readonly Predicate[] }
  | { readonly kind: 'not'; readonly that: Predicate }
  /** On a chunk's own column. */
  | { readonly kind: 'chunk'; readonly column: ChunkColumn; readonly test: Test }
  /** On a column of the document that the chunk belongs to. */
  | { readonly kind: 'document'; readonly column: DocumentColumn; readonly test: Test }
  /** On a declared metadata field, of the chunk itself or of its document. */
  | {
      readonly kind: 'metadata';
      readonly of: 'chunk' | 'document';
      readonly field: string;
      readonly test: Test;
    };

export type ChunkColumn = 'id' | 'text' | 'position' | 'page' | 'headings' | 'createdAt' | 'updatedAt';
export type DocumentColumn =
  | 'id'
  | 'title'
  | 'author'
  | 'sourceUrl'
  | 'contentType'
  | 'createdAt'
  | 'updatedAt';

/** Times are compared as milliseconds since the epoch, booleans as 0 and 1. */
export type Scalar = string | number;
export type Test =
  | { readonly op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Scalar }
  | { readonly op: 'in'; readonly values: readonly Scalar[] }
  | { readonly op: 'contains' | 'startsWith' | 'endsWith'; readonly value: string }
  /** On a string list: at least one, or every one, of the values is in it. */
  | { readonly op: 'containsAny' | 'containsAll'; readonly values: readonly string[] }
  | { readonly op: 'exists'; readonly value: boolean };
