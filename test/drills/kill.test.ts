import { expect, it } from 'vitest';
import { drillKills } from './kill.ts';
import { NOTHING_WRONG } from './takeStock.ts';

it('a server that is killed ten times under load loses, invents and doubles nothing', {
  timeout: 300_000,
}, async () => {
  const figures = await drillKills({ cycles: 10, seed: 4 });
  expect(figures).toMatchObject({ ...NOTHING_WRONG, cycles: 10, jobsLost: 0, faults: [] });
  expect(figures.acknowledged).toBeGreaterThan(40);
  expect(figures.unanswered).toBeGreaterThan(0);
});
