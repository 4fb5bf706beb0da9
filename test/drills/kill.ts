import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, isError } from '../../src/client/index.ts';
import { type ServerProcess, serve, startAlcove } from '../cli/alcove.ts';
import { randomFrom } from '../indexes/data.ts';
import { DRILL_LIBRARY } from './DrillCommand.ts';
import { Ledger } from './Ledger.ts';
import { NOTHING_WRONG, type Stock, takeStock } from './takeStock.ts';

const LANES = 12;
/** A kill comes so long after the first answer at the latest. */
const LATEST_KILL_MS = 1_200;
/** Every so many cycles a server is also killed while it starts, … */
const KILL_AT_START = 5;
/** … within this time, … */
const START_MS = 2_500;
/** … and every so many one is stopped in good order, so that there are index files, which the next ones outdate. */
const STOP_CLEANLY = 7;

export interface KillFigures extends Stock {
  readonly cycles: number;
  readonly killsAtStart: number;
  readonly acknowledged: number;
  /** Commands in flight at a kill, and how many of them were there afterwards all the same. */
  readonly unanswered: number;
  readonly unansweredButDone: number;
  readonly jobs: number;
  /** Jobs that were acknowledged and are not known any more. */
  readonly jobsLost: number;
  readonly chunks: number;
  readonly faults: readonly string[];
}

export interface KillOptions {
  readonly cycles: number;
  readonly seed: number;
  readonly onCycle?: (figures: KillFigures) => void;
}

/**
 * A server of two threads, loaded by twelve clients over HTTP with commands of all kinds and with reindexing, is killed by SIGKILL
 * and started again, so many times. After each kill what it holds is compared with the ledger; then what was not answered is
 * sent again, and it is compared once more.
 */
export async function drillKills({ cycles, seed, onCycle }: KillOptions): Promise<KillFigures> {
  const dataPath = mkdtempSync(join(tmpdir(), 'alcove-drill-kill-'));
  const environment = { ALCOVE_DATA: dataPath, ALCOVE_PORT: '0', ALCOVE_THREADS: '2' };
  const random = randomFrom(seed);
  const ledger = new Ledger(LANES, seed);
  let figures: KillFigures = {
    ...NOTHING_WRONG,
    cycles: 0,
    killsAtStart: 0,
    acknowledged: 0,
    unanswered: 0,
    unansweredButDone: 0,
    jobs: 0,
    jobsLost: 0,
    chunks: 0,
    faults: ledger.faults,
  };
  let server: ServerProcess | undefined;
  let lastJob: string | undefined;
  const add = (stock: Stock): void => {
    for (const name of Object.keys(NOTHING_WRONG) as (keyof Stock)[])
      figures = { ...figures, [name]: figures[name] + stock[name] };
  };
  try {
    for (let cycle = 0; cycle <= cycles; cycle++) {
      if (cycle > 0 && cycle % KILL_AT_START === 0) {
        const starting = startAlcove(['serve'], environment);
        await delay(random() * START_MS);
        await kill(starting);
        figures = { ...figures, killsAtStart: figures.killsAtStart + 1 };
      }
      server = await serve([], environment);
      const client = createClient({ url: server.url });
      if (cycle === 0) await ledger.begin(client);
      else {
        add(await takeStock(client, ledger));
        const unanswered = ledger.lanes.filter(({ pending }) => pending !== undefined).length;
        const before = Number((await client.server()).revision);
        await ledger.resend(client);
        const after = Number((await client.server()).revision);
        add(await takeStock(client, ledger));
        const isJobLost = lastJob !== undefined && (await client.job(lastJob)) === null;
        figures = {
          ...figures,
          cycles: cycle,
          unanswered: figures.unanswered + unanswered,
          unansweredButDone: figures.unansweredButDone + unanswered - (after - before),
          jobsLost: figures.jobsLost + (isJobLost ? 1 : 0),
          chunks: (await client.library({ name: DRILL_LIBRARY }))?.counts.chunks ?? 0,
        };
        onCycle?.(figures);
      }
      if (cycle === cycles) break;
      const type = (['FLAT', 'HNSW', 'AUTO'] as const)[cycle % 3] ?? 'AUTO';
      let isDoomed = false;
      const doom = (): boolean => {
        if (isDoomed) return false;
        isDoomed = true;
        void delay(random() * LATEST_KILL_MS).then(() => server?.process.kill('SIGKILL'));
        return false;
      };
      const reindexed = client
        .reindex({ library: { name: DRILL_LIBRARY }, settings: { type } })
        .then((payload) => (isError(payload) ? undefined : payload.job.id))
        .catch(() => undefined);
      if (cycle % STOP_CLEANLY === STOP_CLEANLY - 1) {
        const until = Date.now() + LATEST_KILL_MS;
        await ledger.work(client, () => Date.now() > until);
        await server.stop('SIGTERM');
      } else {
        const first = ledger.entries.length;
        await ledger.work(client, () => ledger.entries.length > first && doom());
        await server.stop('SIGKILL');
      }
      const jobId = await reindexed;
      lastJob = jobId ?? lastJob;
      figures = {
        ...figures,
        jobs: figures.jobs + (jobId === undefined ? 0 : 1),
        acknowledged: ledger.entries.length,
      };
    }
  } finally {
    await server?.stop('SIGKILL');
    rmSync(dataPath, { recursive: true, force: true });
  }
  return figures;
}

function kill(child: ReturnType<typeof startAlcove>): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    if (!child.kill('SIGKILL') || child.exitCode !== null || child.signalCode !== null) resolve();
  });
}
