import { expect, it } from 'vitest';
import { drillKills } from './kill.ts';
import { NOTHING_WRONG } from './takeStock.ts';

it('a server that is killed three times under load loses, invents and doubles nothing', {
  timeout: 120_000,
}, async () => {
  const figures = await drillKills({ cycles: 3, seed: 4 });
  expect(figures).toMatchObject({ ...NOTHING_WRONG, cycles: 3, jobsLost: 0, faults: [] });
  expect(figures.acknowledged).toBeGreaterThan(20);
  expect(figures.unanswered).toBeGreaterThan(0);
});
