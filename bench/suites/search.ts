import { BINARY_DIMENSION, ROW_DIMENSION } from '../../src/indexes/parameters.ts';
import type { Dataset } from '../data/Dataset.ts';
import { readDataset } from '../data/readDataset.ts';
import { truthOf } from '../data/truth.ts';
import { type AlcoveChoice, openAlcove } from '../engines/alcove.ts';
import type { Engine } from '../engines/Engine.ts';
import { openPeers } from '../engines/openPeers.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { loadOrBuildPeers } from '../measure/builtPeers.ts';
import { type CurvePoint, frontier, rateAtRecall } from '../measure/curve.ts';
import { searchCurves } from '../measure/searchCurves.ts';
import { median } from '../measure/statistics.ts';
import type { Goal, Plot, Table } from '../report/Report.ts';
import { formatNumber } from '../report/table.ts';
import { percent, titleOf } from '../report/titles.ts';
import { type Suite, settingsOf } from './Suite.ts';

const EFFORTS = [10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const RECALLS = [0.9, 0.95, 0.99];

/** The graphs that are measured beside the usual one, where the dimension lets them be. */
function choicesFor(dimension: number): AlcoveChoice[] {
  return [
    ...(dimension > ROW_DIMENSION ? [{ vectors: 'ON_DISK' } as const] : []),
    ...(dimension >= BINARY_DIMENSION
      ? [{ codes: 'BINARY' } as const, { codes: 'BINARY', vectors: 'ON_DISK' } as const]
      : []),
  ];
}

/** Recall against queries per second, ours and the peers', one thread, and the rates at equal recall. */
export const search: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const truth = truthOf(dataset, options.k, options.truth);
  const settings = settingsOf(options, dataset);
  const ours = openAlcove(settings);
  const peers = openPeers(options.peers, settings);
  const others = choicesFor(dataset.dimension).map((choice) => openAlcove(settings, 'HNSW', choice));
  const engines = [ours, ...others, ...peers];
  for (const engine of engines) announce(engine.name, engine.version);
  await loadOrBuildPeers(peers, dataset, options);
  for (const engine of [ours, ...others]) await buildOne(engine, dataset);
  const curves = await searchCurves(engines, dataset, truth, {
    efforts: EFFORTS.filter((effort) => effort >= options.k),
    rounds: options.rounds,
  });
  const result = {
    tables: [ratesTable(curves, dataset), ...engines.map((engine) => curveTable(engine, curves, dataset))],
    plots: [curvesPlot(curves, dataset)],
    goals: [...goalsOf(curves, ours, dataset), ...bytesGoals(engines, dataset)],
  };
  for (const engine of engines) await engine.close?.();
  return result;
};

type Curves = ReadonlyMap<Engine, readonly CurvePoint[]>;

function ratesTable(curves: Curves, dataset: Dataset): Table {
  const [ours = []] = [...curves.values()];
  const cellOf = (points: readonly CurvePoint[], recall: number) => {
    const at = rateAtRecall(points, recall);
    return at === undefined
      ? undefined
      : `${at.isLowerBound ? '≥ ' : ''}${formatNumber(Math.round(at.rate))}`;
  };
  return {
    title: `Queries per second at equal recall: ${titleOf(dataset)}`,
    columns: [
      'engine',
      ...RECALLS.flatMap((r) => [`q/s at ${r}`, 'ours ÷ this']),
      'highest recall',
      'bytes',
      'spread',
    ],
    rows: [...curves].map(([engine, points]) => [
      engine.name,
      ...RECALLS.flatMap((r) => [cellOf(points, r), ratioOf(ours, points, r)]),
      Math.max(...points.map((point) => point.recall)),
      engine.bytes(),
      percent(median(points.map((point) => point.spread))),
    ]),
    note: '– : not reached, or nothing to compare with. Bytes: what the engine holds in memory, or its file where it does not tell.',
  };
}

function ratioOf(
  ours: readonly CurvePoint[],
  theirs: readonly CurvePoint[],
  recall: number,
): number | undefined {
  const one = rateAtRecall(ours, recall);
  const other = rateAtRecall(theirs, recall);
  return one === undefined || other === undefined ? undefined : one.rate / other.rate;
}

function curveTable(engine: Engine, curves: Curves, dataset: Dataset): Table {
  return {
    title: `${engine.name}: ${titleOf(dataset)}`,
    columns: ['effort', 'recall', 'q/s', 'p50 ms', 'p99 ms', 'spread'],
    rows: (curves.get(engine) ?? []).map((point) => [
      point.effort,
      point.recall,
      Math.round(point.rate),
      point.p50Ms,
      point.p99Ms,
      percent(point.spread),
    ]),
  };
}

function curvesPlot(curves: Curves, dataset: Dataset): Plot {
  return {
    name: `search-${dataset.name}-${dataset.metric}`,
    title: `Recall and queries per second: ${titleOf(dataset)}`,
    kind: 'lines',
    xLabel: 'recall',
    yLabel: 'queries per second, one thread',
    xScale: 'loss',
    yScale: 'log',
    series: [...curves].map(([engine, points]) => ({
      name: engine.name,
      points: frontier(points).map(({ recall, rate }) => [recall, rate] as const),
    })),
  };
}

/** How far below the highest recall of a peer it is compared: at the very top its curve is flat, and any rate could be read from it. */
const CEILING_MARGIN = 0.002;

const SEARCH_GOALS: Readonly<Record<string, readonly [number: number, must: number, reach: number]>> = {
  'hnswlib-node': [4, 4, 8],
  'usearch f32': [5, 2, 4],
  'usearch i8': [5, 1.3, 2.5],
  lancedb: [6, 10, 25],
};

/** Goals 4 to 6. Where a peer does not reach a recall, it is compared at the highest that it reaches. */
function goalsOf(curves: Curves, ours: Engine, dataset: Dataset): Goal[] {
  return [...curves].flatMap(([engine, points]) => {
    const known = SEARCH_GOALS[engine.name];
    if (known === undefined) return [];
    const [number, must, reach] = known;
    const ceiling = Math.max(...points.map((point) => point.recall));
    const wanted = [...new Set([0.95, 0.99].map((recall) => Math.min(recall, ceiling - CEILING_MARGIN)))];
    return wanted.map((recall) => ({
      number,
      what: `search vs ${engine.name} at ${formatNumber(recall)}, ${dataset.name}, ${dataset.metric}`,
      bound: 'least' as const,
      must,
      reach,
      measured: ratioOf(curves.get(ours) ?? [], points, recall),
    }));
  });
}

/** Goal 8, by what an index holds in memory. hnswlib-node's is its file, which is its memory. */
function bytesGoals(engines: readonly Engine[], dataset: Dataset): Goal[] {
  const bytes = (name: string) => engines.find((engine) => engine.name === name)?.bytes();
  const theirs = bytes('hnswlib-node');
  if (theirs === undefined) return [];
  return ['alcove on disk', 'alcove binary on disk'].flatMap((name) => {
    const held = bytes(name);
    if (held === undefined) return [];
    const what = `bytes in memory, ${name}, vs hnswlib-node, ${dataset.name}`;
    return [{ number: 8, what, bound: 'most' as const, must: 0.35, reach: 0.2, measured: held / theirs }];
  });
}
