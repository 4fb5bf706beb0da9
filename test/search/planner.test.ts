import { describe, expect, it } from 'vitest';
import { DEFAULT_COSTS, type PlanRequest, planSearch } from '../../src/search/planner.ts';

const CURVE = [
  { effort: 16, recall: 0.9, latencyMs: 0.05 },
  { effort: 64, recall: 0.97, latencyMs: 0.1 },
  { effort: 256, recall: 0.995, latencyMs: 0.3 },
];
const plan = (changes: Partial<PlanRequest>) =>
  planSearch({
    indexType: 'HNSW',
    live: 1_000_000,
    matches: null,
    wanted: 11,
    accuracy: undefined,
    recallCurve: CURVE,
    costs: DEFAULT_COSTS,
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

  it('scans the matches of a selective filter while they are few', () => {
    for (const matches of [1, 100, 20_000]) {
      expect(plan({ matches })).toMatchObject({ strategy: 'FILTERED_SCAN', effort: null, expectedRecall: 1 });
    }
    expect(plan({ matches: 50_000 }).strategy).toBe('FILTERED_GRAPH');
  });

  it('scans more matches than that where the walk to them would be longer still', () => {
    expect(plan({ live: 100_000_000, matches: 25_000 }).strategy).toBe('FILTERED_SCAN');
  });

  it('walks the graph where most of it matches', () => {
    expect(plan({ matches: 600_000 })).toMatchObject({ strategy: 'FILTERED_GRAPH', effort: 64 });
    expect(plan({ matches: 1_000_000 }).strategy).toBe('FILTERED_GRAPH');
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
