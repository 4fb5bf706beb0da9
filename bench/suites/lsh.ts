import { readDataset } from '../data/readDataset.ts';
import { truthOf } from '../data/truth.ts';
import { openAlcove, openAlcoveRows } from '../engines/alcove.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { rateAtRecall } from '../measure/curve.ts';
import { searchCurves } from '../measure/searchCurves.ts';
import { percent, titleOf } from '../report/titles.ts';
import { type Suite, settingsOf } from './Suite.ts';

const EFFORTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** A scan has no effort; it takes a hundred times as long as the others. */
const SCANNED_QUERIES = 50;
const RECALL = 0.9;

/** Recall against queries per second of hash tables, beside our float32 scan and our graph. */
export const lsh: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const truth = truthOf(dataset, options.k, options.truth);
  const settings = settingsOf(options, dataset);
  const [tables, graph, flat] = [
    openAlcove(settings, 'LSH'),
    openAlcove(settings),
    openAlcove(settings, 'FLAT'),
  ] as const;
  const rows: (string | number | undefined)[][] = [];
  const seconds = new Map<string, number>();
  for (const engine of [tables, graph, flat]) {
    announce(engine.name, engine.version);
    seconds.set(engine.name, await buildOne(engine, dataset));
  }
  // Of rows, not the certified one over codes: that is what an index is to beat.
  const scan = openAlcoveRows(flat);
  const { rounds } = options;
  const curves = await searchCurves([tables], dataset, truth, { efforts: EFFORTS, rounds });
  const graphCurves = await searchCurves([graph], dataset, truth, {
    efforts: EFFORTS.filter((effort) => effort >= options.k && effort <= 512),
    rounds,
  });
  const scanned = { ...dataset, queries: dataset.queries.slice(0, SCANNED_QUERIES) };
  const scanCurves = await searchCurves([scan], scanned, truth, { efforts: [0], rounds });
  const points = curves.get(tables) ?? [];
  const scanRate = scanCurves.get(scan)?.[0]?.rate ?? Number.NaN;
  for (const point of points)
    rows.push([
      point.effort,
      point.recall,
      point.rate,
      point.rate / scanRate,
      point.p50Ms,
      point.p99Ms,
      percent(point.spread),
    ]);
  const atRecall = rateAtRecall(points, RECALL);
  const engines = [tables, graph, scan, flat];
  const title = titleOf(dataset);
  const result = {
    tables: [
      {
        title: `LSH: ${title}`,
        columns: ['effort', 'recall', 'q/s', '÷ scan', 'p50 ms', 'p99 ms', 'spread'],
        rows,
      },
      {
        title: `LSH beside the others: ${title}`,
        columns: ['type', 'build s', 'bytes', `q/s at ${RECALL}`],
        rows: [tables, graph, scan].map((engine) => [
          engine.name,
          seconds.get(engine === scan ? flat.name : engine.name),
          engine.bytes(),
          engine === scan
            ? scanRate
            : rateAtRecall((engine === tables ? points : graphCurves.get(graph)) ?? [], RECALL)?.rate,
        ]),
      },
    ],
    plots: [
      {
        name: `lsh-${dataset.name}-${dataset.metric}`,
        title: `LSH: ${title}`,
        kind: 'lines' as const,
        xLabel: 'recall',
        yLabel: 'queries per second, one thread',
        xScale: 'loss' as const,
        yScale: 'log' as const,
        series: [
          { name: 'LSH', points: points.map(({ recall, rate }) => [recall, rate] as const) },
          {
            name: 'HNSW',
            points: (graphCurves.get(graph) ?? []).map(({ recall, rate }) => [recall, rate] as const),
          },
          { name: 'scan', points: [[1, scanRate] as const] },
        ],
      },
    ],
    goals: [
      {
        number: 15,
        what: `LSH at ${RECALL} vs float32 scan, ${title}`,
        bound: 'least' as const,
        must: 8,
        reach: 15,
        measured: atRecall === undefined ? undefined : atRecall.rate / scanRate,
        ...(atRecall === undefined ? { note: `no effort reaches ${RECALL}` } : {}),
      },
    ],
  };
  for (const engine of engines) await engine.close?.();
  return result;
};
