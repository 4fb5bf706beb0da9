import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '../../src/client/index.ts';
import { type ServerProcess, serve } from '../cli/alcove.ts';
import { randomFrom } from '../indexes/data.ts';
import { FailingDisk, type Fault } from './FailingDisk.ts';
import { Ledger } from './Ledger.ts';
import { NOTHING_WRONG, type Stock, takeStock } from './takeStock.ts';

const LANES = 8;
/** A fault comes so long after the first answer at the latest. */
const LATEST_FAULT_MS = 600;

export interface FailureFigures extends Stock {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Commands that were sent after the fault and answered as done. */
  readonly acknowledgedAfter: number;
  /** Processes that ended by themselves, with a status that is not 0. */
  readonly ended: number;
  /** Calls of the system that were made to fail. */
  readonly failedCalls: number;
  readonly faults: readonly string[];
}

/**
 * A loaded server whose disk begins to fail for good: so many rounds, each with another process on the same data. After each, the
 * disk is whole again, and what the next process finds is compared with the ledger.
 */
export async function drillFailures(options: {
  readonly fault: Exclude<Fault, 'NONE' | 'WRITE_ENOSPC'>;
  readonly rounds: number;
  readonly seed: number;
  readonly onRound?: (figures: FailureFigures) => void;
}): Promise<FailureFigures> {
  const { fault, rounds, seed, onRound } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'alcove-drill-failure-'));
  const dataPath = join(scratch, 'data');
  const disk = new FailingDisk(scratch, dataPath);
  const environment = { ALCOVE_DATA: dataPath, ALCOVE_PORT: '0', ALCOVE_THREADS: '2', ...disk.environment };
  const ledger = new Ledger(LANES, seed);
  const random = randomFrom(seed);
  let server: ServerProcess | undefined;
  let stock = NOTHING_WRONG;
  let figures: FailureFigures | undefined;
  let acknowledgedAfter = 0;
  let ended = 0;
  try {
    for (let round = 0; round <= rounds; round++) {
      disk.set('NONE');
      server = await serve([], environment);
      const client = createClient({ url: server.url });
      if (round === 0) await ledger.begin(client);
      else {
        stock = sum(stock, await takeStock(client, ledger));
        await ledger.resend(client);
        stock = sum(stock, await takeStock(client, ledger));
        const { entries, faults } = ledger;
        figures = {
          ...stock,
          ...{
            rounds: round,
            acknowledged: entries.length,
            acknowledgedAfter,
            ended,
            failedCalls: disk.failed,
            faults,
          },
        };
        onRound?.(figures);
      }
      if (round === rounds) break;
      let failsSince = Number.POSITIVE_INFINITY;
      const first = ledger.entries.length;
      const failing = delay(LATEST_FAULT_MS * random()).then(() => {
        disk.set(fault);
        failsSince = performance.now();
      });
      const exited = new Promise<number | null>((resolve) => server?.process.once('exit', resolve));
      await ledger.work(client);
      await failing;
      acknowledgedAfter += ledger.entries.slice(first).filter(({ sentAt }) => sentAt > failsSince).length;
      if (((await exited) ?? 0) !== 0) ended += 1;
    }
  } finally {
    await server?.stop('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  }
  if (figures === undefined) throw new Error('expected at least one round');
  return figures;
}

export function sum(one: Stock, other: Stock): Stock {
  const names = Object.keys(NOTHING_WRONG) as (keyof Stock)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as Stock;
}
