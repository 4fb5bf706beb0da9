import type { Dataset } from '../data/Dataset.ts';
import { readDataset } from '../data/readDataset.ts';
import { openAlcove } from '../engines/alcove.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { searchRound } from '../measure/searchRound.ts';
import { quantile } from '../measure/statistics.ts';
import type { Goal } from '../report/Report.ts';
import { formatNumber } from '../report/table.ts';
import { type BenchOptions, type Suite, settingsOf } from './Suite.ts';

/** Few dimensions are what a tree is for; the higher ones show where it ends. */
const DIMENSIONS = [2, 3, 4, 8, 12, 16, 24];
/** Up to here a tree must be so much faster than a scan. */
const GOAL_DIMENSION = 8;
/** A scan takes so much longer that some tell as much. */
const SCANNED_QUERIES = 20;

interface TreePoint {
  readonly dimension: number;
  readonly treeMs: number;
  readonly scanMs: number;
  readonly buildSeconds: number;
  readonly bytes: number;
  readonly compared: number;
  /** Queries whose answer differs from the scan's. */
  readonly wrong: number;
}

/** Milliseconds of an exact search by the k-d tree beside our scan of the same vectors. --dim has no meaning here. */
export const kdTree: Suite = async (options, announce) => {
  const points: TreePoint[] = [];
  for (const dimension of DIMENSIONS) points.push(await measure({ ...options, dimension }, announce));
  const title = `${options.data}, ${formatNumber(options.count)} points, ${options.metric}`;
  return {
    tables: [
      {
        title: `k-d tree: ${title}`,
        columns: [
          'dimension',
          'tree ms',
          'scan ms',
          'scan ÷ tree',
          'compared',
          'build s',
          'bytes',
          'wrong answers',
        ],
        rows: points.map((point) => [
          point.dimension,
          point.treeMs,
          point.scanMs,
          point.scanMs / point.treeMs,
          Math.round(point.compared),
          point.buildSeconds,
          point.bytes,
          point.wrong,
        ]),
        note: 'Times are medians. compared: vectors compared by a search, on average.',
      },
    ],
    plots: [
      {
        name: `kd-tree-${options.data}-${options.count}`,
        title: `k-d tree: ${title}`,
        kind: 'lines',
        xLabel: 'dimension',
        yLabel: 'milliseconds of an exact search',
        yScale: 'log',
        series: [
          { name: 'k-d tree', points: points.map(({ dimension, treeMs }) => [dimension, treeMs]) },
          { name: 'scan', points: points.map(({ dimension, scanMs }) => [dimension, scanMs]) },
        ],
      },
    ],
    goals: points
      .filter(({ dimension }) => dimension <= GOAL_DIMENSION)
      .map(
        ({ dimension, scanMs, treeMs }): Goal => ({
          number: 15,
          what: `KD-tree vs exact scan, dimension ${dimension}, ${title}`,
          bound: 'least',
          must: 50,
          reach: 200,
          measured: scanMs / treeMs,
        }),
      ),
  };
};

async function measure(
  options: BenchOptions,
  announce: (name: string, version: string) => void,
): Promise<TreePoint> {
  const dataset = readDataset(options);
  const settings = settingsOf(options, dataset);
  const tree = openAlcove(settings, 'KD_TREE');
  const scan = openAlcove(settings, 'FLAT');
  for (const engine of [tree, scan]) announce(engine.name, engine.version);
  const buildSeconds = await buildOne(tree, dataset);
  await buildOne(scan, dataset);
  const scanned = dataset.queries.slice(0, SCANNED_QUERIES);
  const [treeMs, scanMs] = [
    await medianMs(tree, dataset, options.k),
    await medianMs(scan, { ...dataset, queries: scanned }, options.k),
  ];
  const found = scanned.map((query) => ({
    byTree: tree.index.search(query, { k: options.k }),
    byScan: scan.index.search(query, { k: options.k }),
  }));
  const differ = ({ byTree, byScan }: (typeof found)[0]) =>
    byTree.distances.length !== byScan.distances.length ||
    byTree.distances.some(
      (distance, i) => Math.abs(distance - (byScan.distances[i] as number)) > 1e-5 * Math.max(1, distance),
    );
  const point = {
    dimension: options.dimension,
    treeMs,
    scanMs,
    buildSeconds,
    bytes: tree.index.stats().bytes,
    compared: found.reduce((sum, { byTree }) => sum + byTree.compared, 0) / found.length,
    wrong: found.filter(differ).length,
  };
  await tree.close?.();
  await scan.close?.();
  return point;
}

async function medianMs(engine: ReturnType<typeof openAlcove>, dataset: Dataset, k: number): Promise<number> {
  const search = await engine.prepareSearch(dataset.queries, k, Number.POSITIVE_INFINITY);
  await searchRound(search, Math.min(50, dataset.queries.length));
  return quantile((await searchRound(search, dataset.queries.length)).latenciesMs, 0.5);
}
