import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AlcoveClient, createClient } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve } from '../cli/alcove.ts';
import { Ledger } from './Ledger.ts';
import { readAll } from './takeStock.ts';

const LANES = 8;

export interface BackupFigures {
  readonly backups: number;
  readonly acknowledged: number;
  /** Commands that were answered while backups were taken. */
  readonly acknowledgedMeanwhile: number;
  /** Restored, and equal in content to what the ledger says of the revision that the backup names. */
  readonly equal: number;
  readonly different: number;
  readonly wrongVectors: number;
  readonly faults: readonly string[];
}

/**
 * Backups of a loaded server, one after another, each restored into a folder of its own: what a server finds there must hash to what
 * the ledger says of the revision that the backup was said to hold.
 */
export async function drillBackups(options: {
  readonly backups: number;
  readonly seed: number;
  readonly onBackup?: (figures: BackupFigures) => void;
}): Promise<BackupFigures> {
  const scratch = mkdtempSync(join(tmpdir(), 'alcove-drill-backup-'));
  const ledger = new Ledger(LANES, options.seed);
  const environment = { ALCOVE_PORT: '0', ALCOVE_THREADS: '2' };
  let server: ServerProcess | undefined;
  try {
    server = await serve([], { ...environment, ALCOVE_DATA: join(scratch, 'data') });
    const client = createClient({ url: server.url });
    await ledger.begin(client);
    const taken: { readonly file: string; readonly revision: number }[] = [];
    let isDone = false;
    const working = ledger.work(client, () => isDone);
    let first: number | undefined;
    for (let number = 0; number < options.backups; number++) {
      const enough = ledger.entries.length + 3 * LANES;
      while (ledger.entries.length < enough && ledger.faults.length === 0) await delay(20);
      first ??= ledger.entries.length;
      const file = join(scratch, `backup-${number}`);
      const { out, error } = await alcove(['backup', file, '--data', join(scratch, 'data')]);
      const revision = Number(/revision (\d+)/.exec(out)?.[1]);
      if (Number.isNaN(revision)) throw new Error(`expected a backup with its revision; got ${out} ${error}`);
      taken.push({ file, revision });
    }
    const acknowledgedMeanwhile = ledger.entries.length - (first ?? 0);
    isDone = true;
    await working;
    await server.stop('SIGKILL');
    let figures: BackupFigures = {
      ...{ backups: 0, acknowledged: ledger.entries.length, acknowledgedMeanwhile },
      ...{ equal: 0, different: 0, wrongVectors: 0, faults: ledger.faults },
    };
    for (const { file, revision } of taken) {
      const restored = join(scratch, `restored-${revision}`);
      const { status, error } = await alcove(['restore', file, '--data', restored]);
      if (status !== 0) throw new Error(`expected a backup that can be restored; got ${error}`);
      server = await serve([], { ...environment, ALCOVE_DATA: restored });
      const { hash, wrongVectors } = await contentOf(createClient({ url: server.url }));
      await server.stop('SIGKILL');
      const isEqual = hash === hashOf(ledger.linesAt(revision));
      figures = {
        ...figures,
        backups: figures.backups + 1,
        equal: figures.equal + (isEqual ? 1 : 0),
        different: figures.different + (isEqual ? 0 : 1),
        wrongVectors: figures.wrongVectors + wrongVectors,
      };
      options.onBackup?.(figures);
    }
    return figures;
  } finally {
    await server?.stop('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function contentOf(
  client: AlcoveClient,
): Promise<{ readonly hash: string; readonly wrongVectors: number }> {
  const { lines, wrongVectors } = await readAll(client);
  return { hash: hashOf(lines), wrongVectors };
}

function hashOf(lines: readonly string[]): string {
  return createHash('sha256')
    .update([...lines].sort().join('\n'))
    .digest('hex');
}
