import type { Dataset } from '../data/Dataset.ts';
import { readDataset } from '../data/readDataset.ts';
import { truthOf } from '../data/truth.ts';
import { type AlcoveEngine, openAlcove } from '../engines/alcove.ts';
import type { Engine, EngineSettings } from '../engines/Engine.ts';
import { openPeers } from '../engines/openPeers.ts';
import { buildEngines, buildOne } from '../measure/buildEngines.ts';
import { builtPath } from '../measure/builtPeers.ts';
import { searchCurves } from '../measure/searchCurves.ts';
import { type Measured, measured } from '../measure/statistics.ts';
import type { Goal, SuiteResult } from '../report/Report.ts';
import { percent, titleOf } from '../report/titles.ts';
import { type BenchOptions, type Suite, settingsOf } from './Suite.ts';

/** The effort at which the built graphs are compared. */
const EFFORT = 64;

const BUILD_GOALS: Readonly<Record<string, readonly [must: number, reach: number]>> = {
  'hnswlib-node': [6, 15],
  'usearch f32': [2, 5],
  'usearch i8': [1.2, 3],
};

interface Built {
  readonly engine: Engine;
  /** Vectors per second. */
  readonly rate: Measured;
  readonly recall: number;
  readonly bytes: number | undefined;
}

/**
 * Vectors per second of a build with the same parameters and threads, and the recall that the graph gives. Ours is built from
 * nothing before the peers, between their turns, and after them.
 */
export const build: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const truth = truthOf(dataset, options.k, options.truth);
  const settings = settingsOf(options, dataset);
  const peers = openPeers(options.peers, settings);
  const ours = { engine: openAlcove(settings), seconds: [] as number[] };
  for (const engine of [ours.engine, ...peers]) announce(engine.name, engine.version);
  const seconds = await buildEngines(peers, dataset, async () => {
    ours.engine = await rebuilt(ours.engine, settings, dataset, ours.seconds);
  });
  // The search suite reads them from there.
  for (const peer of peers) await peer.save?.(builtPath(peer, dataset, options));
  const engines = [ours.engine, ...peers];
  const curves = await searchCurves(engines, dataset, truth, { efforts: [EFFORT], rounds: 1 });
  const rows = engines.map((engine): Built => {
    const took = engine === ours.engine ? ours.seconds : [seconds.get(engine) as number];
    return {
      engine,
      rate: measured(took.map((one) => dataset.count / one)),
      recall: curves.get(engine)?.[0]?.recall ?? Number.NaN,
      bytes: engine.bytes(),
    };
  });
  for (const engine of engines) await engine.close?.();
  return resultOf(rows, dataset, options);
};

async function rebuilt(
  last: AlcoveEngine,
  settings: EngineSettings,
  dataset: Dataset,
  seconds: number[],
): Promise<AlcoveEngine> {
  await last.close?.();
  const engine = openAlcove(settings);
  seconds.push(await buildOne(engine, dataset));
  return engine;
}

function resultOf(rows: readonly Built[], dataset: Dataset, options: BenchOptions): SuiteResult {
  const { m, efConstruction, threads, k } = options;
  const mine = rows[0] as Built;
  const threadsName = threads === 1 ? 'one thread' : `${threads} threads`;
  const setting = `m ${m}, efConstruction ${efConstruction}, ${threadsName}`;
  const ratio = (row: Built) => mine.rate.median / row.rate.median;
  return {
    tables: [
      {
        title: `Build: ${titleOf(dataset)}, ${setting}`,
        columns: [
          'engine',
          'vectors/s',
          'spread',
          'seconds',
          'ours ÷ this',
          `recall@${k} at effort ${EFFORT}`,
          'bytes',
        ],
        rows: rows.map((row) => [
          row.engine.name,
          Math.round(row.rate.median),
          percent(row.rate.spread),
          dataset.count / row.rate.median,
          ratio(row),
          row.recall,
          row.bytes,
        ]),
        note: 'hnswlib-node adds one vector at a time, on one thread whatever is asked for. LanceDB chooses its threads itself.',
      },
    ],
    plots: [
      {
        name: `build-${dataset.name}-${dataset.metric}-${threads}`,
        title: `Build: ${titleOf(dataset)}`,
        kind: 'bars',
        xLabel: setting,
        yLabel: 'vectors per second',
        series: rows.map((row) => ({ name: row.engine.name, points: [[0, row.rate.median]] })),
      },
      {
        name: `bytes-${dataset.name}-${dataset.metric}`,
        title: `Bytes of the index: ${titleOf(dataset)}`,
        kind: 'bars',
        xLabel: 'in memory, or its file where an engine does not tell',
        yLabel: 'bytes',
        series: rows.map((row) => ({ name: row.engine.name, points: [[0, row.bytes ?? Number.NaN]] })),
      },
    ],
    goals: rows.flatMap((row): Goal[] => {
      const goal = BUILD_GOALS[row.engine.name];
      if (goal === undefined) return [];
      const what = `build vs ${row.engine.name}, ${dataset.name}, ${threadsName}`;
      const recalls = `recall ${mine.recall.toFixed(4)} vs ${row.recall.toFixed(4)}`;
      return [
        {
          number: 7,
          what,
          bound: 'least',
          must: goal[0],
          reach: goal[1],
          measured: ratio(row),
          note: recalls,
        },
      ];
    }),
  };
}
