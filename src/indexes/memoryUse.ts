import { imageBytes, type Layout, scratchBytes } from './layout.ts';

/** What the memory of an index is used for, in bytes. */
export interface MemoryUse {
  /** The vectors themselves, their ordinals, norms and tombstones. */
  readonly vectors: number;
  /** Codes of vectors, and the links of a graph. */
  readonly graph: number;
  /** What is built over many vectors at once: trees, hash tables. */
  readonly tables: number;
  /** What attached threads search in. */
  readonly scratch: number;
}

/** Nothing used. */
export const NO_MEMORY: MemoryUse = { vectors: 0, graph: 0, tables: 0, scratch: 0 };

/** What `count` slots and `attached` threads use of a segment's memory. */
export function memoryUse(layout: Layout, count: number, attached: number): MemoryUse {
  const { dimension, type, vectors: place } = layout.parameters;
  const tables = layout.tableBytes;
  const all = imageBytes(layout, count) - tables;
  const isCoded = type === 'HNSW' || type === 'LSH';
  const vectors = isCoded ? Math.min(all, count * ((place === 'IN_MEMORY' ? dimension : 0) + 1) * 4) : all;
  return { vectors, graph: all - vectors, tables, scratch: attached * scratchBytes(layout, count) };
}

export function addMemory(a: MemoryUse, b: MemoryUse): MemoryUse {
  return {
    vectors: a.vectors + b.vectors,
    graph: a.graph + b.graph,
    tables: a.tables + b.tables,
    scratch: a.scratch + b.scratch,
  };
}
