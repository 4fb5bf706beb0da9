import { expect } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { BINARY_DIMENSION } from '../../src/indexes/parameters.ts';
import type { IndexType, Metric, SearchResult, VectorIndex } from '../../src/indexes/VectorIndex.ts';

export const TYPES: readonly IndexType[] = ['FLAT', 'HNSW', 'KD_TREE', 'LSH'];
/** What an index may be: a type, and codes where there is a choice, with the least dimension that these take. */
export interface Kind {
  readonly name: string;
  readonly type: IndexType;
  readonly codes: 'SCALAR' | 'BINARY';
  readonly least: number;
}
export const KINDS: readonly Kind[] = [
  ...TYPES.map((type) => ({ name: type, type, codes: 'SCALAR', least: 1 }) as const),
  { name: 'HNSW by binary codes', type: 'HNSW', codes: 'BINARY', least: BINARY_DIMENSION },
];
export const METRICS: readonly Metric[] = ['COSINE', 'DOT', 'EUCLIDEAN'];

/** A distance as the port defines it, in float64. */
export function distance(metric: Metric, a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squares = 0;
  let normA = 0;
  let normB = 0;
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    dot += x * y;
    squares += (x - y) ** 2;
    normA += x * x;
    normB += y * y;
  });
  if (metric === 'DOT') return -dot;
  if (metric === 'EUCLIDEAN') return Math.sqrt(squares);
  return normA === 0 || normB === 0 ? 1 : Math.max(0, 1 - dot / Math.sqrt(normA * normB));
}

/** What float32 arithmetic may be off by, for vectors like these. */
export function tolerance(metric: Metric, a: Float32Array, b: Float32Array): number {
  const norm = Math.hypot(...a) * Math.hypot(...b);
  if (metric === 'COSINE') return 2e-6;
  if (metric === 'DOT') return 2e-6 * (1 + norm);
  return 2e-6 * (Math.hypot(...a) + Math.hypot(...b)) + 1e-30;
}

/** The truth that an index is held against: live vectors by ordinal. */
export class Model {
  readonly metric: Metric;
  readonly vectors = new Map<number, Float32Array>();

  constructor(metric: Metric) {
    this.metric = metric;
  }

  insert(ordinals: Uint32Array, vectors: Float32Array): void {
    const dimension = vectors.length / ordinals.length;
    ordinals.forEach((ordinal, i) => {
      this.vectors.set(ordinal, vectors.slice(i * dimension, (i + 1) * dimension));
    });
  }

  remove(ordinals: Uint32Array): number {
    return ordinals.reduce((sum, ordinal) => sum + (this.vectors.delete(ordinal) ? 1 : 0), 0);
  }

  /** The k nearest of the allowed, by distance and then ordinal. */
  nearest(query: Float32Array, k: number, allowed?: Uint32Array): { ordinal: number; distance: number }[] {
    const only = allowed && new Set(allowed);
    return [...this.vectors]
      .filter(([ordinal]) => only?.has(ordinal) ?? true)
      .map(([ordinal, vector]) => ({ ordinal, distance: distance(this.metric, query, vector) }))
      .sort((a, b) => a.distance - b.distance || a.ordinal - b.ordinal)
      .slice(0, k);
  }

  /** Holds for every answer, exact or not: known and distinct ordinals, true distances, in order. */
  expectSane(result: SearchResult, query: Float32Array, allowed?: Uint32Array): void {
    const only = allowed && new Set(allowed);
    expect(new Set(result.ordinals).size).toBe(result.ordinals.length);
    expect(result.distances.length).toBe(result.ordinals.length);
    result.ordinals.forEach((ordinal, i) => {
      const vector = this.vectors.get(ordinal);
      if (vector === undefined) throw new Error(`ordinal ${ordinal} is not live`);
      if (only) expect(only.has(ordinal)).toBe(true);
      const off = Math.abs((result.distances[i] ?? Number.NaN) - distance(this.metric, query, vector));
      expect(off).toBeLessThanOrEqual(tolerance(this.metric, query, vector));
      if (i > 0) expect(result.distances[i]).toBeGreaterThanOrEqual(result.distances[i - 1] ?? Number.NaN);
    });
  }

  /** As {@link expectSane}; and rank by rank as far away as the truth, so that only float32 ties may differ. */
  expectExact(result: SearchResult, query: Float32Array, k: number, allowed?: Uint32Array): void {
    this.expectSane(result, query, allowed);
    const truth = this.nearest(query, k, allowed);
    expect(result.ordinals.length).toBe(truth.length);
    truth.forEach((expected, i) => {
      const vector = this.vectors.get(result.ordinals[i] ?? -1) ?? new Float32Array(query.length);
      const other = this.vectors.get(expected.ordinal) ?? vector;
      const off = Math.abs(distance(this.metric, query, vector) - expected.distance);
      expect(off).toBeLessThanOrEqual(
        2 * (tolerance(this.metric, query, vector) + tolerance(this.metric, query, other)),
      );
    });
  }
}

/** The slots of an index that hold these ascending ordinals. */
export function holding(index: VectorIndex, ordinals: Uint32Array): Bitmap {
  return Bitmap.of(index.stats().slots, index.slotsOf(ordinals));
}

/** The share of the true k nearest that an index finds, over some queries. */
export function recallOf(
  index: VectorIndex,
  queries: readonly Float32Array[],
  k: number,
  effort?: number,
): number {
  let found = 0;
  let expected = 0;
  for (const query of queries) {
    const truth = new Set(index.search(query, { k, exact: true }).ordinals);
    const { ordinals } = index.search(query, effort === undefined ? { k } : { k, effort });
    found += ordinals.filter((ordinal) => truth.has(ordinal)).length;
    expected += truth.size;
  }
  return expected === 0 ? 1 : found / expected;
}
