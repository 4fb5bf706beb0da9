import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../src/client/index.ts';
import { type ServerProcess, serve } from '../cli/alcove.ts';
import { sum } from './failure.ts';
import { Ledger } from './Ledger.ts';
import { readAll, type Stock, takeStock } from './takeStock.ts';

const LANES = 8;
const DISK_BYTES = 33_554_432;
/** What is freed, for writes to go on. */
const RESERVE_BYTES = 8_388_608;
/** Commands that are refused before the disk counts as full. */
const REFUSALS = 3 * LANES;

export interface FullDiskFigures extends Stock {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Whole exports and searches that were answered while the disk was full. */
  readonly readsWhileFull: number;
  /** Commands that were answered as done once there was room again, without a restart. */
  readonly acknowledgedAfterRoom: number;
  readonly faults: readonly string[];
}

/** Why no small file system can be mounted here, or undefined if one can. */
export function whyNoSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-drill-mount-'));
  try {
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    if (status === 0) spawnSync('umount', [folder]);
    return status === 0 ? undefined : `tmpfs cannot be mounted here: ${String(stderr ?? 'no mount').trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A loaded server on a file system of 32 MiB that runs full: what is refused then must not be there, what was answered must, reads go
 * on, and with room so do writes; then the server is killed, on a full disk again, and started. So many rounds, each on a new disk.
 */
export async function drillFullDisk(options: {
  readonly rounds: number;
  readonly seed: number;
  readonly onRound?: (figures: FullDiskFigures) => void;
}): Promise<FullDiskFigures> {
  let figures: FullDiskFigures | undefined;
  for (let round = 0; round < options.rounds; round++) {
    const one = await fillOnce(options.seed + round);
    figures =
      figures === undefined
        ? one
        : {
            ...sum(figures, one),
            rounds: figures.rounds + 1,
            acknowledged: figures.acknowledged + one.acknowledged,
            refused: figures.refused + one.refused,
            readsWhileFull: figures.readsWhileFull + one.readsWhileFull,
            acknowledgedAfterRoom: figures.acknowledgedAfterRoom + one.acknowledgedAfterRoom,
            faults: [...figures.faults, ...one.faults],
          };
    options.onRound?.(figures);
  }
  if (figures === undefined) throw new Error('expected at least one round');
  return figures;
}

async function fillOnce(seed: number): Promise<FullDiskFigures> {
  const disk = mkdtempSync(join(tmpdir(), 'alcove-drill-full-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]);
  if (status !== 0) throw new Error(`tmpfs cannot be mounted: ${stderr}`);
  const filler = join(disk, 'filler');
  const dataPath = join(disk, 'data');
  mkdirSync(dataPath);
  const environment = { ALCOVE_DATA: dataPath, ALCOVE_PORT: '0', ALCOVE_THREADS: '2' };
  const ledger = new Ledger(LANES, seed);
  let server: ServerProcess | undefined;
  try {
    server = await serve([], environment);
    let client = createClient({ url: server.url });
    await ledger.begin(client);
    await ledger.work(client, () => ledger.entries.length >= 3 * LANES);
    fill(disk, filler);
    // The log of the store is written over from its beginning: what the full disk stops is its growth.
    await ledger.work(client, () => ledger.refused >= REFUSALS);
    const reads = [await readAll(client), await readAll(client)].length;
    const whileFull = await takeStock(client, ledger);

    truncateSync(filler, Math.max(0, statSync(filler).size - RESERVE_BYTES));
    const first = ledger.entries.length;
    await ledger.work(client, () => ledger.entries.length >= first + 2 * LANES);
    const acknowledgedAfterRoom = ledger.entries.length - first;

    fill(disk, filler);
    const { refused } = ledger;
    await ledger.work(client, () => ledger.refused >= refused + LANES);
    await server.stop('SIGKILL');
    truncateSync(filler, Math.max(0, statSync(filler).size - RESERVE_BYTES));
    server = await serve([], environment);
    client = createClient({ url: server.url });
    const afterwards = await takeStock(client, ledger);
    return {
      ...sum(whileFull, afterwards),
      rounds: 1,
      acknowledged: ledger.entries.length,
      refused: ledger.refused,
      readsWhileFull: reads,
      acknowledgedAfterRoom,
      faults: ledger.faults,
    };
  } finally {
    await server?.stop('SIGKILL');
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

/** Leaves no block free. */
function fill(disk: string, filler: string): void {
  for (let free = 1; free > 0; ) {
    const { bavail, bsize } = statfsSync(disk);
    free = bavail * bsize;
    if (free > 0) writeFileSync(filler, new Uint8Array(free), { flag: 'a' });
  }
}
