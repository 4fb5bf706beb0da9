import { readDataset } from '../data/readDataset.ts';
import { truthOf } from '../data/truth.ts';
import { openAlcove } from '../engines/alcove.ts';
import { openPeers } from '../engines/openPeers.ts';
import { buildEngines } from '../measure/buildEngines.ts';
import { searchCurves } from '../measure/searchCurves.ts';
import type { Goal } from '../report/Report.ts';
import { settingsOf, titleOf } from './search.ts';
import type { Suite } from './Suite.ts';

/** The effort at which the built graphs are compared. */
const EFFORT = 64;

const BUILD_GOALS: Readonly<Record<string, readonly [must: number, reach: number]>> = {
  'hnswlib-node': [6, 15],
  'usearch f32': [2, 5],
  'usearch i8': [1.2, 3],
};

/** Vectors per second of a build with the same parameters and threads, and the recall that the graph gives. */
export const build: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const truth = truthOf(dataset, options.k);
  const settings = settingsOf(options, dataset);
  const ours = openAlcove(settings);
  const engines = [ours, ...(await openPeers(options.peers, settings))];
  for (const engine of engines) announce(engine.name, engine.version);
  const seconds = await buildEngines(engines, dataset);
  const curves = await searchCurves(engines, dataset, truth, { efforts: [EFFORT], rounds: 1 });
  const rows = engines.map((engine) => ({
    engine,
    rate: dataset.count / (seconds.get(engine) as number),
    recall: curves.get(engine)?.[0]?.recall as number,
    bytes: engine.bytes(),
  }));
  const [mine] = rows as [(typeof rows)[0]];
  const setting = `m ${options.m}, efConstruction ${options.efConstruction}, ${options.threads} thread(s)`;
  for (const engine of engines) await engine.close?.();
  return {
    tables: [
      {
        title: `Build: ${titleOf(dataset)}, ${setting}`,
        columns: ['engine', 'vectors/s', 'seconds', 'ours ÷ this', `recall@${options.k} at effort ${EFFORT}`, 'bytes'],
        rows: rows.map(({ engine, rate, recall, bytes }) => [
          engine.name,
          Math.round(rate),
          dataset.count / rate,
          mine.rate / rate,
          recall,
          bytes,
        ]),
        note: 'hnswlib-node adds one vector at a time on one thread whatever is asked for.',
      },
    ],
    plots: [
      {
        name: `build-${dataset.name}-${dataset.metric}-${options.threads}`,
        title: `Build: ${titleOf(dataset)}`,
        kind: 'bars',
        xLabel: setting,
        yLabel: 'vectors per second',
        series: rows.map(({ engine, rate }) => ({ name: engine.name, points: [[0, rate]] })),
      },
    ],
    goals: rows.flatMap(({ engine, rate }): Goal[] => {
      const goal = BUILD_GOALS[engine.name];
      if (goal === undefined) return [];
      const what = `build vs ${engine.name}, ${dataset.name}, ${options.threads} thread(s)`;
      return [{ number: 7, what, bound: 'least', must: goal[0], reach: goal[1], measured: mine.rate / rate }];
    }),
  };
};
