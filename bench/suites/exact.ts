import type { Dataset } from '../data/Dataset.ts';
import { readDataset } from '../data/readDataset.ts';
import { recallOf, truthOf } from '../data/truth.ts';
import { openAlcove } from '../engines/alcove.ts';
import type { Engine, Search } from '../engines/Engine.ts';
import { openPeers } from '../engines/openPeers.ts';
import { buildEngines } from '../measure/buildEngines.ts';
import { type Contender, interleave } from '../measure/interleave.ts';
import { readLoops } from '../measure/readLoop.ts';
import { searchRound } from '../measure/searchRound.ts';
import type { Measured } from '../measure/statistics.ts';
import type { Goal, SuiteResult } from '../report/Report.ts';
import { percent, titleOf } from '../report/titles.ts';
import { type Suite, settingsOf } from './Suite.ts';

/** Rounds for each of the option: a scan takes milliseconds. */
const ROUNDS_PER_ROUND = 5;
/** Scans of ours, and passes of the loop, in a round. */
const OURS_PER_ROUND = 4;
/** Queries whose answers are held against the truth. */
const CHECKED = 20;

const LOOP = 'read loop';

const EXACT_GOALS: Readonly<Record<string, readonly [must: number, reach: number]>> = {
  'sqlite-vec': [12, 20],
  'usearch exact': [2, 3],
  'faiss flat': [2, 3],
};

/** Milliseconds of one exact search beside the time that reading the same bytes takes, and beside the peers. */
export const exact: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const settings = settingsOf(options, dataset);
  const ours = openAlcove(settings, 'FLAT');
  const engines = [ours, ...openPeers(options.peers, settings, 'exact')];
  for (const engine of engines) announce(engine.name, engine.version);
  await buildEngines(engines, dataset);
  const searches = new Map<Engine, Search>();
  for (const engine of engines)
    searches.set(engine, await engine.prepareSearch(dataset.queries, options.k, 0));
  const recalls = await recallsOf(
    searches,
    { ...dataset, queries: dataset.queries.slice(0, CHECKED) },
    options.k,
  );
  const loops = await readLoops(dataset.vectors.byteLength);
  const contenders: Contender[] = [
    ...Object.entries(loops).map(([name, run]) => ({ name: `${LOOP}, ${name}`, times: OURS_PER_ROUND, run })),
    ...[...searches].map(([engine, search]) => ({
      name: engine.name,
      times: engine === ours ? OURS_PER_ROUND : 1,
      run: (round: number) => search(round % dataset.queries.length),
    })),
  ];
  const times = await interleave(contenders, ROUNDS_PER_ROUND * options.rounds);
  const result = resultOf(times, recalls, dataset, ours.name);
  for (const engine of engines) await engine.close?.();
  return result;
};

async function recallsOf(
  searches: ReadonlyMap<Engine, Search>,
  dataset: Dataset,
  k: number,
): Promise<Map<string, number>> {
  const truth = truthOf(dataset, k);
  const recalls = new Map<string, number>();
  for (const [engine, search] of searches) {
    const { found } = await searchRound(search, dataset.queries.length);
    recalls.set(engine.name, recallOf(dataset, truth, found));
  }
  return recalls;
}

function resultOf(
  times: ReadonlyMap<string, Measured>,
  recalls: ReadonlyMap<string, number>,
  dataset: Dataset,
  ours: string,
): SuiteResult {
  const gigabytes = dataset.vectors.byteLength / 1e9;
  const ms = (name: string) => times.get(name)?.least ?? Number.NaN;
  const loop = Math.min(
    ...[...times].filter(([name]) => name.startsWith(LOOP)).map(([, time]) => time.least),
  );
  const goals: Goal[] = [
    {
      number: 1,
      what: `float32 scan vs reading the same bytes, ${titleOf(dataset)}`,
      bound: 'least',
      must: 0.85,
      reach: 0.95,
      measured: loop / ms(ours),
    },
    ...[...times.keys()].flatMap((name): Goal[] => {
      const goal = EXACT_GOALS[name];
      if (goal === undefined) return [];
      const what = `exact scan vs ${name}, ${titleOf(dataset)}`;
      return [
        { number: 3, what, bound: 'least', must: goal[0], reach: goal[1], measured: ms(name) / ms(ours) },
      ];
    }),
  ];
  return {
    tables: [
      {
        title: `Exact search, ${titleOf(dataset)}, one query at a time`,
        columns: ['engine', 'ms', 'median', 'spread', 'GB/s of float32', 'ours ÷ this, in speed', 'recall'],
        rows: [...times].map(([name, { least, median, spread }]) => [
          name,
          least,
          median,
          percent(spread),
          gigabytes / (least / 1_000),
          least / ms(ours),
          recalls.get(name),
        ]),
        note: 'ms: the least of the rounds, which all comparisons are by. The read loop reads as many bytes of WebAssembly memory and does nothing with them. LanceDB uses all cores, the others one.',
      },
    ],
    plots: [
      {
        name: `exact-${dataset.name}-${dataset.metric}`,
        title: `Exact search: ${titleOf(dataset)}`,
        kind: 'bars',
        xLabel: 'one query at a time',
        yLabel: 'milliseconds (log)',
        yScale: 'log',
        series: [...times].map(([name, { least }]) => ({ name, points: [[0, least]] })),
      },
    ],
    goals,
  };
}
