import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import { holding, KINDS, METRICS, Model } from './reference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One step of a random history. Values are drawn from few, so that equal vectors and ties are common. */
type Step =
  | {
      readonly kind: 'insert';
      readonly count: number;
      readonly gap: number;
      readonly values: readonly number[];
    }
  | { readonly kind: 'remove'; readonly ranks: readonly number[] }
  | {
      readonly kind: 'search';
      readonly k: number;
      readonly values: readonly number[];
      readonly every: number;
    }
  | { readonly kind: 'build' }
  | { readonly kind: 'consolidate'; readonly slices: number }
  | { readonly kind: 'reopen' };

const values = fc.array(
  fc.oneof(fc.integer({ min: -2, max: 2 }), fc.float({ min: -3, max: 3, noNaN: true })),
  {
    minLength: 1,
    maxLength: 60,
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('insert' as const),
    count: fc.integer({ min: 1, max: 60 }),
    gap: fc.integer({ min: 1, max: 5 }),
    values,
  }),
  fc.record({ kind: fc.constant('remove' as const), ranks: fc.array(fc.nat(200), { maxLength: 30 }) }),
  fc.record({
    kind: fc.constant('search' as const),
    k: fc.integer({ min: 1, max: 40 }),
    values,
    every: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ kind: fc.constant('build' as const) }),
  fc.record({ kind: fc.constant('consolidate' as const), slices: fc.constantFrom(1, 2, 3, 5, 100) }),
  fc.record({ kind: fc.constant('reopen' as const) }),
);

const cases = KINDS.flatMap((kind) =>
  METRICS.flatMap((metric) =>
    (kind.codes === 'BINARY' ? [130] : [3, 34]).map((dimension) => ({ ...kind, metric, dimension })),
  ),
);

/** An index beside its model, and what both have been through. */
class History {
  readonly #dimension: number;
  readonly #model: Model;
  #index: SegmentIndex;
  #next = 0;

  constructor({ type, codes, metric, dimension }: (typeof cases)[number]) {
    this.#dimension = dimension;
    this.#model = new Model(metric);
    this.#index = createIndex({
      ...{ type, codes, metric, dimension, seed: 1 },
      ...{ m: 3, efConstruction: 20, expected: 900 },
    });
  }

  take(step: Step): void {
    if (step.kind === 'insert') this.#insert(step.count, step.gap, step.values);
    if (step.kind === 'remove') this.#remove(step.ranks);
    if (step.kind === 'search') this.#search(step.k, step.values, step.every);
    if (step.kind === 'build') for (const _ of this.#index.build());
    if (step.kind === 'consolidate') this.#consolidate(step.slices);
    if (step.kind === 'reopen') this.#reopen();
    expect(this.#index.ordinals()).toEqual(Uint32Array.from(this.#model.vectors.keys()));
    if (this.#index instanceof HnswIndex) expect(this.#index.unreachable()).toBe(0);
  }

  #insert(count: number, gap: number, from: readonly number[]): void {
    const ordinals = Uint32Array.from({ length: count }, (_, i) => this.#next + i * gap);
    const vectors = Float32Array.from(
      { length: count * this.#dimension },
      (_, i) => from[i % from.length] ?? 0,
    );
    this.#next += count * gap;
    this.#index.insert(ordinals, vectors);
    this.#model.insert(ordinals, vectors);
  }

  #remove(ranks: readonly number[]): void {
    const live = [...this.#model.vectors.keys()];
    const ordinals = Uint32Array.from(ranks, (rank) => live[rank % Math.max(1, live.length)] ?? rank);
    expect(this.#index.remove(ordinals)).toBe(this.#model.remove(ordinals));
  }

  #search(k: number, from: readonly number[], every: number): void {
    const query = Float32Array.from({ length: this.#dimension }, (_, i) => from[i % from.length] ?? 0);
    const only = every === 1 ? undefined : ordinalsEvery(every, this.#next);
    const allowed = only && { allowed: holding(this.#index, only) };
    this.#model.expectExact(this.#index.search(query, { k, exact: true, ...allowed }), query, k, only);
    const found = this.#index.search(query, { k, effort: 50, ...allowed });
    this.#model.expectSane(found, query, only);
    const exists = this.#model.nearest(query, k, only).length;
    expect(found.ordinals).toHaveLength(exists);
  }

  /** As far as so many slices go; a whole one leaves no way to a tombstone. */
  #consolidate(slices: number): void {
    const index = this.#index;
    if (!(index instanceof HnswIndex)) return;
    const consolidation = index.consolidate(0);
    for (let i = 0; i < slices; i++) {
      if (consolidation.next().done !== true) continue;
      expect(index.strays()).toBe(0);
      return;
    }
  }

  #reopen(): void {
    const path = join(folder, 'history');
    const origin = { session: randomUUID(), revision: this.#next, libraryKey: 1 };
    this.#index.save(path, origin);
    this.#index.detach();
    const { index, ...opened } = openIndex(path);
    expect(opened.origin).toEqual(origin);
    this.#index = index;
  }
}

function ordinalsEvery(every: number, end: number): Uint32Array {
  return Uint32Array.from({ length: Math.ceil(end / every) }, (_, i) => i * every);
}

describe.each(cases)('$name with $metric in $dimension dimensions', (which) => {
  it('does what its model does, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const history = new History(which);
        for (const each of steps) history.take(each);
      }),
      { numRuns: 25, seed: 42 },
    );
  });
});
