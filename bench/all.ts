import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS, writePage } from './report/page.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/**
 * The runs of docs/benchmarks.md, by the names of their results. Builds come before the searches of the same data, which read
 * the peers' indexes that they leave.
 */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  '10-build-768': ['build', '--dim', '768', '--fresh'],
  '11-build-384': ['build', '--dim', '384', '--fresh'],
  '20-search-768': ['search', '--dim', '768'],
  '21-search-384': ['search', '--dim', '384'],
  '22-search-dot': [
    'search',
    '--dim',
    '384',
    '--metric',
    'DOT',
    '--data',
    'heavy-tailed',
    '--count',
    '50000',
  ],
  '30-exact-768': ['exact', '--dim', '768'],
  '31-exact-384': ['exact', '--dim', '384'],
  '40-filtered': ['filtered', '--dim', '768'],
  '50-churn': ['churn', '--dim', '384', '--count', '20000'],
  '60-kd-tree': ['kd-tree', '--count', '1000000', '--metric', 'EUCLIDEAN'],
  '61-lsh': ['lsh', '--dim', '768'],
  '70-restart': ['restart', '--dim', '768'],
  '80-threads': ['threads', '--dim', '384'],
};

/**
 * Runs them one after the other, each in a process of its own so that none finds the memory of another, and writes
 * the page. Arguments are passed on to every run, and then the page is left alone: `--count 1000 --dim 32 --peers none` tries
 * them all in a minute.
 */
export async function all(args: string[]): Promise<void> {
  const isTrial = args.length > 0;
  const folder = isTrial ? mkdtempSync(join(tmpdir(), 'alcove-bench-')) : RESULTS;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, run] of Object.entries(RUNS)) {
    console.log(`\n== ${name}\n`);
    const command = [...process.execArgv, MAIN, ...run, ...args, '--json', join(folder, `${name}.json`)];
    const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${name}: ended with status ${status}`);
  }
  if (isTrial) console.log(`\n${folder}`);
  else await writePage();
}
