import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../../bench/data/generate.ts';
import type { Report } from '../../bench/report/Report.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'alcove-bench-smoke-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows that each begin with their dimension. */
function rowsAs(values: Float32Array | Uint32Array, dimension: number): Buffer {
  const head = Buffer.from(Int32Array.of(dimension).buffer);
  const rows = Array.from({ length: values.length / dimension }, (_, row) =>
    Buffer.from(values.slice(row * dimension, (row + 1) * dimension).buffer),
  );
  return Buffer.concat(rows.flatMap((row) => [head, row]));
}

function run(...args: string[]) {
  return spawnSync(process.execPath, ['--expose-gc', MAIN, ...args], { encoding: 'utf8' });
}

describe('every suite runs without a peer, on few vectors', () => {
  it.each([
    ['build', []],
    ['search', []],
    ['search', ['--data', 'heavy-tailed', '--metric', 'DOT']],
    ['exact', []],
    ['filtered', ['--rounds', '1']],
    ['churn', ['--count', '800']],
    ['kd-tree', ['--metric', 'EUCLIDEAN']],
    ['lsh', []],
    ['restart', []],
    ['threads', ['--rounds', '1']],
  ])('%s %j', (suite, args) => {
    const json = join(folder, `${suite}.json`);
    const sizes = ['--count', '2000', '--dim', '48', '--query-count', '20', '--peers', 'none'];
    const done = run(suite, ...sizes, ...args, '--json', json, '--svg', join(folder, suite));
    expect(done.stderr.split('\n').filter((line) => line.startsWith('bench:'))).toEqual([]);
    expect(done.status).toBe(0);
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(report.suite).toBe(suite);
    expect(report.tables.length).toBeGreaterThan(0);
    for (const table of report.tables)
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    for (const { name } of report.plots)
      expect(readFileSync(join(folder, suite, `${name}.svg`), 'utf8')).toMatch(/^<svg /);
  });

  it('reads vectors, queries and their neighbours from files', () => {
    const [base, queries, truth] = ['base.fvecs', 'queries.fvecs', 'truth.ivecs'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    const dimension = 8;
    const vectors = generate({ name: 'clustered', count: 500, dimension, seed: 1 });
    writeFileSync(base, rowsAs(vectors, dimension));
    writeFileSync(queries, rowsAs(vectors.subarray(0, 20 * dimension), dimension));
    // Each query is a vector of the base, so the nearest one is known.
    writeFileSync(
      truth,
      rowsAs(
        Uint32Array.from({ length: 20 }, (_, row) => row),
        1,
      ),
    );
    const json = join(folder, 'files.json');
    const files = ['--base', base, '--queries', queries, '--truth', truth];
    const { status } = run(
      'search',
      ...files,
      '--count',
      'all',
      '--k',
      '1',
      '--peers',
      'none',
      '--metric',
      'EUCLIDEAN',
      '--json',
      json,
    );
    expect(status).toBe(0);
    const { tables } = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(tables[0]?.title).toContain('base.fvecs-500x8');
    expect(tables[1]?.rows.at(-1)?.[1]).toBe(1);
  });

  it('says what it expected when it is asked for what it does not know', () => {
    const { status, stderr } = run('sort');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/command: got sort, expected one of search, build/),
    ]);
  });
});
