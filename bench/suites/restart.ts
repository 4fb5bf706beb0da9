import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { readDataset } from '../data/readDataset.ts';
import { ORIGIN, openAlcove } from '../engines/alcove.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { interleave } from '../measure/interleave.ts';
import type { Measured } from '../measure/statistics.ts';
import type { Goal } from '../report/Report.ts';
import { percent, titleOf } from '../report/titles.ts';
import { type Suite, settingsOf } from './Suite.ts';

/** Frees what the last round left, so that it is not freed within the next measurement. Needs --expose-gc. */
function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

/** Opening an index from its file, beside reading the file raw and beside building it anew. The file is in the page cache. */
export const restart: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const ours = openAlcove(settingsOf(options, dataset));
  announce(ours.name, ours.version);
  const buildMs = 1_000 * (await buildOne(ours, dataset));
  const folder = mkdtempSync(join(tmpdir(), 'alcove-bench-'));
  const path = join(folder, 'index');
  const query = dataset.queries[0] as Float32Array;
  try {
    const began = performance.now();
    ours.index.save(path, ORIGIN);
    const saveMs = performance.now() - began;
    const expected = ours.index.search(query, { k: options.k }).ordinals.join();
    const times = await interleave(
      [
        { name: 'garbage', times: 1, run: collectGarbage },
        { name: 'read', times: 1, run: () => readFileSync(path) },
        { name: 'garbage again', times: 1, run: collectGarbage },
        {
          name: 'open',
          times: 1,
          run: () => {
            using index = openIndex(path).index;
            const found = index.search(query, { k: options.k }).ordinals.join();
            if (found !== expected) throw new Error(`restart: got ${found}, expected ${expected}`);
          },
        },
      ],
      2 + options.rounds,
    );
    const [read, open] = [times.get('read'), times.get('open')] as [Measured, Measured];
    const bytes = statSync(path).size;
    const row = (name: string, ms: number, spread: number) => [
      name,
      ms,
      percent(spread),
      bytes / 1e6 / ms,
      ms / open.least,
    ];
    const what = titleOf(dataset);
    const goals: Goal[] = [
      {
        number: 12,
        what: `open vs raw read, ${what}`,
        bound: 'most',
        must: 2,
        reach: 1.2,
        measured: open.least / read.least,
      },
      {
        number: 12,
        what: `rebuild vs open, ${what}`,
        bound: 'least',
        must: 30,
        reach: 100,
        measured: buildMs / open.least,
      },
    ];
    return {
      tables: [
        {
          title: `Restart: ${what}, a file of ${(bytes / 1e6).toFixed(0)} MB`,
          columns: ['what', 'ms', 'spread', 'GB/s', '÷ open'],
          rows: [
            row('read the file raw', read.least, read.spread),
            row('open the index, and search once', open.least, open.spread),
            row('save the index', saveMs, Number.NaN),
            row('build it anew', buildMs, Number.NaN),
          ],
        },
      ],
      plots: [],
      goals,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await ours.close?.();
  }
};
