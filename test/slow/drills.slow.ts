import { expect, it } from 'vitest';
import { drillBackups } from '../drills/backup.ts';
import { whyNoFailingDisk } from '../drills/FailingDisk.ts';
import { drillFailures } from '../drills/failure.ts';
import { drillKills } from '../drills/kill.ts';
import { NOTHING_WRONG } from '../drills/takeStock.ts';

it('a server that is killed ten times under load, and twice while it starts, loses, invents and doubles nothing', async () => {
  const figures = await drillKills({ cycles: 10, seed: 4 });
  expect(figures).toMatchObject({ ...NOTHING_WRONG, cycles: 10, killsAtStart: 2, jobsLost: 0, faults: [] });
  expect(figures.acknowledged).toBeGreaterThan(40);
  expect(figures.unanswered).toBeGreaterThan(0);
});

it.skipIf(whyNoFailingDisk() !== undefined)(
  'a loaded server whose disk fails in writing answers nothing as done after that, ends, and has lost nothing',
  async () => {
    const figures = await drillFailures({ fault: 'WRITE_EIO', rounds: 2, seed: 3 });
    expect(figures).toMatchObject({
      ...NOTHING_WRONG,
      acknowledgedAfter: 0,
      ended: 2,
      failedCalls: 2,
      faults: [],
    });
  },
);

it('a backup of a loaded server restores to what there was at its revision', async () => {
  const figures = await drillBackups({ backups: 2, seed: 3 });
  expect(figures).toMatchObject({ backups: 2, equal: 2, different: 0, wrongVectors: 0, faults: [] });
  expect(figures.acknowledged).toBeGreaterThan(20);
});
