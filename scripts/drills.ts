import { parseArgs } from 'node:util';
import { drillBackups } from '../test/drills/backup.ts';
import { drillDamage } from '../test/drills/damage.ts';
import { whyNoFailingDisk } from '../test/drills/FailingDisk.ts';
import { drillFailures } from '../test/drills/failure.ts';
import { drillFullDisk, whyNoSmallDisk } from '../test/drills/fullDisk.ts';
import { drillKills } from '../test/drills/kill.ts';
import { hammerLibrary } from '../test/live/hammerLibrary.ts';
import { RunningWriter } from '../test/writer/RunningWriter.ts';

/** The long forms of the drills of docs/reliability.md: `npm run drills -- kill --cycles 200 --seed 7`. */

const USAGE = `npm run drills -- NAME [--cycles N] [--seed N]

  kill      kills a loaded server and starts it again (200)
  damage    cuts and flips bytes of index files, the database and its log (4000 at random places of each)
  fsync     fails fsync under a loaded server, once a cycle (20)
  write     fails writes under a loaded server, once a cycle (20)
  full      fills the disk of a loaded server (5)
  backup    backs up a loaded server, restores, compares (20)
  readers   batches of writes under threads that search and check (600)
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { cycles: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const cycles = (fallback: number): number => Number(values.cycles ?? fallback);
const show = (figures: unknown): void => {
  process.stdout.write(`${new Date().toISOString()} ${JSON.stringify(figures)}\n`);
};
const need = (reason: string | undefined): void => {
  if (reason !== undefined) throw new Error(`this drill cannot run here: ${reason}`);
};

const DRILLS: Readonly<Record<string, () => Promise<unknown>>> = {
  kill: () => drillKills({ cycles: cycles(200), seed, onCycle: show }),
  damage: () => drillDamage({ atRandom: cycles(4_000), headerStep: 1, seed }),
  fsync: () => fail('FSYNC_EIO'),
  write: () => fail('WRITE_EIO'),
  full: () => {
    need(whyNoSmallDisk());
    return drillFullDisk({ rounds: cycles(5), seed, onRound: show });
  },
  backup: () => drillBackups({ backups: cycles(20), seed, onBackup: show }),
  readers: async () => {
    const writer = await RunningWriter.start(undefined, 1, { segmentSlots: 500 });
    try {
      const { reports } = await hammerLibrary(writer, { readers: 3, batches: cycles(600), rebuilds: 10 });
      return reports.map(({ searches, hits, asked, faults }) => ({ searches, recall: hits / asked, faults }));
    } finally {
      await writer.stopAndRemove();
    }
  },
};

function fail(fault: 'FSYNC_EIO' | 'WRITE_EIO'): Promise<unknown> {
  need(whyNoFailingDisk());
  return drillFailures({ fault, rounds: cycles(20), seed, onRound: show });
}

const drill = DRILLS[positionals[0] ?? ''];
if (drill === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 1;
} else {
  const startedAt = performance.now();
  const figures = await drill();
  show({
    drill: positionals[0],
    seed,
    minutes: Number(((performance.now() - startedAt) / 60_000).toFixed(1)),
    figures,
  });
}
