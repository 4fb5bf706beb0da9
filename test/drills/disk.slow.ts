import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { Database } from '../../src/store/Database.ts';
import { drillDamage } from './damage.ts';
import { FailingDisk, whyNoFailingDisk } from './FailingDisk.ts';
import { drillFailures } from './failure.ts';
import { drillFullDisk, whyNoSmallDisk } from './fullDisk.ts';
import { NOTHING_WRONG } from './takeStock.ts';

const READING = join(import.meta.dirname, 'readFromFailingDisk.ts');
const noFailingDisk = whyNoFailingDisk();
const noSmallDisk = whyNoSmallDisk();
for (const reason of [noFailingDisk, noSmallDisk])
  if (reason !== undefined) process.stderr.write(`SKIPPED drills of failing disks: ${reason}\n`);

describe.skipIf(noFailingDisk !== undefined)('a loaded server whose disk fails', { timeout: 120_000 }, () => {
  it('in fsync answers nothing as done after that, ends, never tries it again, and has lost nothing', async () => {
    const figures = await drillFailures({ fault: 'FSYNC_EIO', rounds: 1, seed: 3 });
    expect(figures).toMatchObject({
      ...NOTHING_WRONG,
      acknowledgedAfter: 0,
      ended: 1,
      failedCalls: 1,
      faults: [],
    });
  });
});

describe.skipIf(noSmallDisk !== undefined)(
  'a loaded server whose disk runs full',
  { timeout: 120_000 },
  () => {
    it('refuses writes, reads on, writes again when there is room, and has lost nothing', async () => {
      const figures = await drillFullDisk({ rounds: 1, seed: 3 });
      expect(figures).toMatchObject({ ...NOTHING_WRONG, readsWhileFull: 2, faults: [] });
      expect(figures.refused).toBeGreaterThan(0);
      expect(figures.acknowledgedAfterRoom).toBeGreaterThan(0);
    });
  },
);

describe('files that are cut or changed', { timeout: 120_000 }, () => {
  it('are noticed, or read as what they were, and never serve what was not written', async () => {
    const figures = await drillDamage({ atRandom: 24, headerStep: 32, seed: 3 });
    const { index, database, texts, withoutSums, sums, log } = figures;
    const allNoticed = { untyped: 0, harmless: 0, older: 0, wrong: 0, unfound: 0 };
    for (const damaged of [index, database, texts])
      expect(damaged).toEqual({ ...allNoticed, noticed: damaged.noticed, remade: damaged.remade });
    expect(index.remade).toBe(0);
    expect(database.remade).toBeGreaterThan(0);
    for (const { wrong, untyped } of [sums, log]) expect([wrong, untyped]).toEqual([0, 0]);
    expect(sums.harmless).toBeGreaterThan(0);
    expect([withoutSums.untyped, withoutSums.unfound - withoutSums.older]).toEqual([0, 0]);
    expect(log.noticed).toBeGreaterThan(log.older);
  });
});

describe.skipIf(noFailingDisk !== undefined)('a disk that cannot read', () => {
  it('is a typed error that says so, and no internal one', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'alcove-drill-read-'));
    const folder = join(scratch, 'data');
    mkdirSync(folder);
    const path = join(folder, 'alcove.db');
    Database.open(path, 'READ_WRITE').close();
    const disk = new FailingDisk(scratch, folder);
    const child = spawn(process.execPath, [READING, path], { env: { ...process.env, ...disk.environment } });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('open');
    disk.set('READ_EIO');
    child.stdin.write('read\n');
    expect((await lines.next()).value).toMatch(/^DamagedError /);
    expect(disk.failed).toBeGreaterThan(0);
    rmSync(scratch, { recursive: true });
  });
});
