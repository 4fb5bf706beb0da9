import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../bench/report/Report.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'alcove-bench-smoke-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
    ['churn', []],
    ['kd-tree', ['--metric', 'EUCLIDEAN']],
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

  it('says what it expected when it is asked for what it does not know', () => {
    const { status, stderr } = run('sort');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/command: got sort, expected one of search, build/),
    ]);
  });
});
