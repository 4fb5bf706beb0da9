import { describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { SearchResult } from '../../src/indexes/VectorIndex.ts';
import { planDone } from '../../src/search/planDone.ts';
import { type PlanRequest, planSearch } from '../../src/search/planner.ts';
import { MeasuredCosts } from '../../src/search/SearchCosts.ts';

const CURVE = [
  { effort: 16, recall: 0.9, latencyMs: 0.05 },
  { effort: 64, recall: 0.97, latencyMs: 0.1 },
  { effort: 256, recall: 0.995, latencyMs: 0.3 },
];
const plan = (changes: Partial<PlanRequest>) =>
  planSearch({
    indexType: 'HNSW',
    dimension: 384,
    live: 1_000_000,
    matches: null,
    wanted: 11,
    accuracy: undefined,
    recallCurve: CURVE,
    costs: { vectorNs: 50, effortNs: 750 },
    ...changes,
  });

describe('the planner', () => {
  it('does nothing where nothing can match', () => {
    expect(plan({ live: 0 }).strategy).toBe('EMPTY');
    expect(plan({ matches: 0 }).strategy).toBe('EMPTY');
  });

  it('scans when an exact answer was asked for, or the index is FLAT', () => {
    for (const request of [
      { accuracy: { exact: true } },
      { indexType: 'FLAT' },
      { accuracy: { recall: 1 } },
    ] as const) {
      expect(plan(request)).toMatchObject({ strategy: 'EXACT_SCAN', effort: null, expectedRecall: 1 });
      expect(plan({ ...request, matches: 900_000 }).strategy).toBe('FILTERED_SCAN');
    }
    expect(plan({ accuracy: { exact: false } }).strategy).toBe('GRAPH');
  });

  it('scans a library that is smaller than what a walk would look at', () => {
    expect(plan({ live: 500 })).toMatchObject({
      strategy: 'EXACT_SCAN',
      reason: expect.stringContaining('500 vectors'),
    });
  });

  it('walks with the least effort that was measured to have the recall asked for', () => {
    expect(plan({})).toMatchObject({ strategy: 'GRAPH', effort: 64, expectedRecall: 0.97 });
    expect(plan({ accuracy: { recall: 0.5 } })).toMatchObject({ effort: 17, expectedRecall: 0.9 });
    expect(plan({ accuracy: { recall: 0.99 } })).toMatchObject({ effort: 256, expectedRecall: 0.995 });
  });

  it('scans when no effort that was measured has the recall asked for', () => {
    expect(plan({ accuracy: { recall: 0.999 } }).strategy).toBe('EXACT_SCAN');
  });

  it('takes a broad beam, and promises nothing, where nothing has been measured', () => {
    const unmeasured = plan({ recallCurve: [] });
    expect(unmeasured).toMatchObject({ strategy: 'GRAPH', expectedRecall: null });
    expect(unmeasured.effort).toBeGreaterThanOrEqual(100);
  });

  it('takes the effort asked for, and says what recall that had', () => {
    expect(plan({ accuracy: { effort: 100 } })).toMatchObject({
      strategy: 'GRAPH',
      effort: 100,
      expectedRecall: 0.97,
    });
    expect(plan({ accuracy: { effort: 5 } })).toMatchObject({ effort: 11, expectedRecall: null });
    expect(plan({ accuracy: { effort: 100 }, live: 500 }).strategy).toBe('GRAPH');
  });

  it('takes a broader beam for more hits', () => {
    expect(plan({ wanted: 1_000 }).effort).toBeGreaterThanOrEqual(1_000);
  });

  it('leaves it to the index how to find what a filter lets through, and gives it the effort', () => {
    for (const matches of [1, 20_000, 600_000, 1_000_000]) {
      expect(plan({ matches })).toMatchObject({ strategy: 'FILTERED_GRAPH', effort: 64, isExact: false });
    }
  });

  it('says what the index has made of it', () => {
    const found = (method: SearchResult['method'], visited = 0): SearchResult =>
      ({ visited, ...(method && { method }) }) as SearchResult;
    const filtered = plan({ matches: 20_000 });
    expect(planDone(filtered, found('SCAN'), true)).toMatchObject({
      strategy: 'FILTERED_SCAN',
      effort: null,
      expectedRecall: 1,
    });
    expect(planDone(filtered, found('SKETCH_SCAN'), true)).toMatchObject({
      strategy: 'SKETCH_SCAN',
      effort: 64,
    });
    expect(planDone(filtered, found('TWO_HOP_WALK'), true).strategy).toBe('TWO_HOP_GRAPH');
    expect(planDone(filtered, found('WALK_THEN_SCAN'), true).strategy).toBe('GRAPH_THEN_SCAN');
    expect(planDone(filtered, found('WALK'), true).strategy).toBe('FILTERED_GRAPH');
    expect(planDone(filtered, found(undefined), true)).toEqual(filtered);
    expect(planDone(plan({}), found('WALK'), false)).toEqual(plan({}));
    const tree = plan({ indexType: 'KD_TREE', dimension: 3 });
    expect(planDone(tree, found(undefined), false).strategy).toBe('EXACT_SCAN');
    expect(planDone(tree, found(undefined), true).strategy).toBe('FILTERED_SCAN');
    expect(planDone(tree, found(undefined, 9), true)).toEqual(tree);
  });

  it('asks a tree for all that it takes, or for as many leaves as are asked for', () => {
    const tree = { indexType: 'KD_TREE', dimension: 3 } as const;
    expect(plan(tree)).toMatchObject({ strategy: 'TREE', effort: null, expectedRecall: 1 });
    expect(plan({ ...tree, accuracy: { exact: true } }).strategy).toBe('TREE');
    expect(plan({ ...tree, accuracy: { effort: 20 }, matches: 5 })).toMatchObject({
      strategy: 'TREE',
      effort: 20,
      expectedRecall: null,
    });
    expect(plan({ ...tree, dimension: 384 })).toMatchObject({
      strategy: 'EXACT_SCAN',
      reason: expect.stringContaining('of no use at 384 dimensions'),
    });
  });

  it('probes hash tables with the effort that was measured', () => {
    expect(plan({ indexType: 'LSH' })).toMatchObject({ strategy: 'HASH_TABLES', effort: 64 });
    expect(plan({ indexType: 'LSH', matches: 9 })).toMatchObject({ strategy: 'HASH_TABLES', effort: 64 });
    expect(plan({ indexType: 'LSH', recallCurve: [] })).toMatchObject({
      strategy: 'HASH_TABLES',
      effort: null,
      isExact: false,
    });
  });

  it('goes by what searches of the index have taken', () => {
    const index = createIndex({ type: 'HNSW', dimension: 8, metric: 'COSINE', seed: 1 });
    const costs = new MeasuredCosts();
    expect(plan({ live: 2_000, costs: costs.of(index) }).strategy).toBe('EXACT_SCAN');
    costs.scanned(index, 1_000, 1);
    costs.walked(index, 64, 0.064);
    expect(costs.of(index)).toEqual({ vectorNs: 1_000, effortNs: 1_000 });
    expect(plan({ live: 5_000, costs: costs.of(index) }).strategy).toBe('GRAPH');
    for (let times = 0; times < 50; times++) costs.scanned(index, 1_000, 0.01);
    expect(plan({ live: 5_000, costs: costs.of(index) }).strategy).toBe('EXACT_SCAN');
    costs.scanned(index, 1_000, 1_000);
    expect(costs.of(index).vectorNs).toBeLessThan(20);
  });

  it('gives reasons that people can read', () => {
    const reasons = [
      {},
      { live: 0 },
      { live: 500 },
      { matches: 7 },
      { matches: 600_000 },
      { indexType: 'FLAT' as const },
    ].map((request) => plan(request).reason);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(reasons[3]).toContain('7 chunks through (0.00070 % of the library)');
  });
});
