import { describe, expect, it } from 'vitest';
import { ProgressMeter, type Step } from '../../src/jobs/ProgressMeter.ts';

const building = (done: number, total = 10_000): Step => ({
  phase: 'BUILDING',
  done,
  total,
  recallSoFar: null,
});

describe('a progress meter', () => {
  it('tells rate and time left from what it has seen lately', () => {
    const meter = new ProgressMeter(4_096);
    expect(meter.measure(building(0), 0)).toEqual({
      ...building(0),
      ratePerSecond: null,
      etaSeconds: null,
      memoryBytes: 4_096,
    });
    expect(meter.measure(building(1_000), 1_000)).toMatchObject({ ratePerSecond: 1_000, etaSeconds: 9 });
    // The fast beginning drops out of the window.
    for (let second = 2; second <= 10; second++)
      meter.measure(building(1_000 + second * 100), second * 1_000);
    expect(meter.measure(building(2_100), 11_000)).toMatchObject({ ratePerSecond: 100, etaSeconds: 79 });
  });

  it('begins anew with each phase', () => {
    const meter = new ProgressMeter(0);
    meter.measure(building(0), 0);
    meter.measure(building(10_000), 1_000);
    const verifying: Step = { phase: 'VERIFYING', done: 1, total: 100, recallSoFar: 0.9 };
    expect(meter.measure(verifying, 1_100)).toMatchObject({ ratePerSecond: null, recallSoFar: 0.9 });
  });

  it('has no time left to tell where nothing moves, and none left where all is done', () => {
    const meter = new ProgressMeter(0);
    meter.measure(building(5), 0);
    expect(meter.measure(building(5), 1_000)).toMatchObject({ ratePerSecond: 0, etaSeconds: null });
    expect(meter.measure(building(10_000), 2_000).etaSeconds).toBe(0);
  });
});
