import type { Dataset } from '../data/Dataset.ts';
import { readDataset } from '../data/readDataset.ts';
import { recallOf, truthOf } from '../data/truth.ts';
import { openAlcove, openAlcoveRows } from '../engines/alcove.ts';
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

const LOOP = 'read';
/** Our two ways: codes whose bounds leave few rows to compare, and all rows. */
const CERTIFIED = 'alcove FLAT';
const ROWS = 'alcove rows';

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
  const peers = openPeers(options.peers, settings, 'exact');
  await buildEngines([ours, ...peers], dataset);
  const engines = [ours, openAlcoveRows(ours), ...peers];
  for (const engine of engines) announce(engine.name, engine.version);
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
    ...[...searches].map(([engine, search]) => ({
      name: engine.name,
      times: peers.includes(engine) ? 1 : OURS_PER_ROUND,
      run: (round: number) => search(round % dataset.queries.length),
    })),
    ...Object.entries(loops).map(([name, run]) => ({ name: `${LOOP}, ${name}`, times: OURS_PER_ROUND, run })),
  ];
  const times = await interleave(contenders, ROUNDS_PER_ROUND * options.rounds);
  const different = await differentAnswers(searches, engines[0] as Engine, engines[1] as Engine, CHECKED);
  const result = resultOf(times, recalls, dataset, different);
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

/** Of the first queries, how many get other rows, or others first, from one way than from the other. */
async function differentAnswers(
  searches: ReadonlyMap<Engine, Search>,
  one: Engine,
  other: Engine,
  queries: number,
): Promise<number> {
  let different = 0;
  for (let query = 0; query < queries; query++) {
    const [a, b] = [await searches.get(one)?.(query), await searches.get(other)?.(query)];
    if (Array.from(a ?? []).join() !== Array.from(b ?? []).join()) different++;
  }
  return different;
}

function resultOf(
  times: ReadonlyMap<string, Measured>,
  recalls: ReadonlyMap<string, number>,
  dataset: Dataset,
  different: number,
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
      measured: loop / ms(ROWS),
    },
    {
      number: 2,
      what: `certified exact scan vs float32 scan, ${titleOf(dataset)}`,
      bound: 'least',
      must: 2.5,
      reach: 3.5,
      measured: ms(ROWS) / ms(CERTIFIED),
      note: `${different} of ${CHECKED} answers differ`,
    },
    ...[...times.keys()].flatMap((name): Goal[] => {
      const goal = EXACT_GOALS[name];
      if (goal === undefined) return [];
      const what = `exact scan vs ${name}, ${titleOf(dataset)}`;
      return [
        {
          number: 3,
          what,
          bound: 'least',
          must: goal[0],
          reach: goal[1],
          measured: ms(name) / ms(CERTIFIED),
        },
      ];
    }),
  ];
  return {
    tables: [
      {
        title: `Exact search, ${titleOf(dataset)}, one query at a time`,
        columns: ['engine', 'ms', 'median', 'spread', 'GB/s of float32', 'FLAT ÷ this, in speed', 'recall'],
        rows: [...times].map(([name, { least, median, spread }]) => [
          name,
          least,
          median,
          percent(spread),
          gigabytes / (least / 1_000),
          least / ms(CERTIFIED),
          recalls.get(name),
        ]),
        note: 'ms: the least of the rounds, which all comparisons are by. FLAT compares codes, and rows where bounds leave it undecided; rows compares all rows. read: as many bytes of WebAssembly memory are read, and nothing is done with them. LanceDB uses all cores, the others one.',
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
