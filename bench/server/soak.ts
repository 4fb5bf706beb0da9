import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median } from '../measure/statistics.ts';
import { trendOf } from '../measure/trend.ts';
import type { Plot, Report, SuiteResult, Table } from '../report/Report.ts';
import { formatNumber } from '../report/table.ts';
import { reportText, runReported, writeJson } from '../runSuite.ts';
import { LoopDelay } from './LoopDelay.ts';
import { SoakLoad } from './SoakLoad.ts';
import { writeSoak } from './soakPage.ts';
import { Target } from './Target.ts';

const SAMPLE_MS = 5_000;
/** Caches fill, code is compiled, indexes are built: trends are those of what comes after this part of the time. */
const SETTLING_PART = 0.25;
const REINDEX_EVERY_MS = 120_000;
/** Points of a line: each the least (of memory) or the median of the samples in its span. */
const POINTS = 60;
/** What the line of a figure may rise over the time that counts, as a part of its mean, before it is called a slope. */
const TOLERANCE = 0.05;

interface Sample {
  readonly minutes: number;
  readonly values: ReadonlyMap<string, number>;
}

/** What is sampled, and how several samples become one point: used memory by its least, because garbage lies on top of it. */
const FIGURES = [
  { name: 'resident memory, MiB', of: 'least' },
  { name: 'of that, of no file, MiB', of: 'least' },
  { name: 'heap of the server threads, MiB', of: 'least' },
  { name: 'heap of the writer, MiB', of: 'least' },
  { name: 'file descriptors', of: 'middle' },
  { name: 'event-loop delay p50, ms', of: 'middle' },
  { name: 'event-loop delay p99, ms', of: 'middle' },
] as const;

/**
 * Lets a server with two threads do everything at once for half an hour, and looks for what grows: memory, file descriptors,
 * the delay of event loops.
 *
 *     npm run bench -- soak [--minutes 30] [--rate 100] [--count 10000] [--dim 384] [--seed 1] [--only OPERATION,OPERATION…] [--page] [--json FILE]
 *     npm run bench -- soak --from FILE      the page from the figures of an earlier run
 */
export async function soak(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '30' },
      only: { type: 'string' },
      rate: { type: 'string', default: '100' },
      count: { type: 'string', default: '10000' },
      dim: { type: 'string', default: '384' },
      seed: { type: 'string', default: '1' },
      page: { type: 'boolean', default: false },
      from: { type: 'string' },
      json: { type: 'string' },
    },
  });
  if (values.from !== undefined) return writeSoak(JSON.parse(readFileSync(values.from, 'utf8')) as Report);
  const report = await runReported(['soak', ...args], 'soak', () =>
    soakFor({
      minutes: Number(values.minutes),
      rate: Number(values.rate),
      count: Number(values.count),
      dimension: Number(values.dim),
      seed: Number(values.seed),
      ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    }),
  );
  console.log(reportText(report));
  if (values.json !== undefined) writeJson(report, values.json);
  if (values.page) writeSoak(report);
}

async function soakFor(options: {
  readonly minutes: number;
  readonly rate: number;
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
  readonly only?: readonly string[];
}): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-soak-'));
  const target = await Target.start({ kind: 'alcove', threads: 2, environment: { ALCOVE_DATA: folder } });
  try {
    const load = new SoakLoad({ ...options, url: target.url });
    await load.fill();
    const running = load.run();
    const delay = new LoopDelay(target.url);
    const samples: Sample[] = [];
    const began = performance.now();
    const endsAt = began + options.minutes * 60_000;
    for (let reindexAt = began; performance.now() < endsAt; ) {
      if (performance.now() >= reindexAt) {
        load.reindex();
        reindexAt += REINDEX_EVERY_MS;
      }
      await wait(SAMPLE_MS);
      samples.push(await sample(target, delay, began));
      const minute = samples.length % Math.ceil(60_000 / SAMPLE_MS) === 0;
      if (minute) console.log(lineOf(samples.at(-1) as Sample));
    }
    delay.stop();
    await load.stop();
    await running;
    return resultOf(samples, load, options.minutes);
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const MIB = 2 ** 20;

async function sample(target: Target, delay: LoopDelay, began: number): Promise<Sample> {
  const { residentBytes, heapBytes } = await target.figures();
  const { p50Ms, p99Ms } = delay.take();
  const figures: Readonly<Record<(typeof FIGURES)[number]['name'], number>> = {
    'resident memory, MiB': residentBytes / MIB,
    'of that, of no file, MiB': (target.anonymousBytes() ?? Number.NaN) / MIB,
    'heap of the server threads, MiB': (heapBytes.server ?? Number.NaN) / MIB,
    'heap of the writer, MiB': (heapBytes.writer ?? Number.NaN) / MIB,
    'file descriptors': target.descriptors() ?? Number.NaN,
    'event-loop delay p50, ms': p50Ms,
    'event-loop delay p99, ms': p99Ms,
  };
  return { minutes: (performance.now() - began) / 60_000, values: new Map(Object.entries(figures)) };
}

function lineOf({ minutes, values }: Sample): string {
  return `${minutes.toFixed(1)} min: ${[...values].map(([name, value]) => `${name} ${formatNumber(value)}`).join('; ')}`;
}

/** The samples of one figure as a line of at most {@link POINTS}. */
function lineFor(samples: readonly Sample[], { name, of }: (typeof FIGURES)[number]): [number, number][] {
  const span = Math.max(1, Math.ceil(samples.length / POINTS));
  const points: [number, number][] = [];
  for (let at = 0; at + span <= samples.length; at += span) {
    const part = samples.slice(at, at + span);
    const values = part.map((one) => one.values.get(name) ?? Number.NaN).filter(Number.isFinite);
    if (values.length === 0) continue;
    points.push([(part.at(-1) as Sample).minutes, of === 'least' ? Math.min(...values) : median(values)]);
  }
  return points;
}

function resultOf(samples: readonly Sample[], load: SoakLoad, minutes: number): SuiteResult {
  const lines = FIGURES.map((figure) => ({ name: figure.name, points: lineFor(samples, figure) }));
  const trends: Table = {
    title: `Soak: ${minutes} minutes`,
    columns: [
      'figure',
      'first',
      'mean',
      'last',
      'slope an hour',
      '± (2 standard errors)',
      'over the time that counts',
      'verdict',
    ],
    rows: lines.map(({ name, points }) => {
      const settled = points.filter(([at]) => at >= minutes * SETTLING_PART);
      if (settled.length < 3) return [name, ...Array.from({ length: 7 }, () => undefined)];
      const { slope, standardError, mean } = trendOf(settled);
      const grown = (slope * (1 - SETTLING_PART) * minutes) / mean;
      const isSlope = grown > TOLERANCE && slope > 2 * standardError;
      return [
        name,
        settled[0]?.[1],
        mean,
        settled.at(-1)?.[1],
        slope * 60,
        2 * standardError * 60,
        `${grown >= 0 ? '+' : ''}${(100 * grown).toFixed(1)} %`,
        isSlope ? 'rises' : 'level',
      ];
    }),
    note: `A sample every ${SAMPLE_MS / 1_000} s; a point of a line is the least (of memory) or the median of those in its span. The first ${100 * SETTLING_PART} % of the time do not count. A figure rises if the line through its points grows by more than ${100 * TOLERANCE} % of their mean, and by more than two standard errors.`,
  };
  return {
    tables: [trends, operationsTable(load)],
    plots: [plotOf(lines)],
    goals: [],
  };
}

function operationsTable({ counts, failures }: SoakLoad): Table {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const failed = [...failures].map(([what, count]) => `${count} × ${what}`);
  return {
    title: 'Operations',
    columns: ['operation', 'times'],
    rows: [...counts].toSorted(([, a], [, b]) => b - a),
    note: `${total} in all; ${failed.length === 0 ? 'none failed' : `failed: ${failed.join('; ')}`}.`,
  };
}

/** Every figure beside its own mean, so that all fit one picture: what is level lies along 1. */
function plotOf(
  lines: readonly { readonly name: string; readonly points: readonly [number, number][] }[],
): Plot {
  return {
    name: 'soak',
    title: 'A server under mixed load, each figure over its mean',
    kind: 'lines',
    xLabel: 'minutes',
    yLabel: 'of the mean',
    series: lines
      .filter(({ points }) => points.length > 0)
      .map(({ name, points }) => {
        const mean = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
        return { name: name.replace(/, .*$/, ''), points: points.map(([x, y]) => [x, y / mean] as const) };
      }),
  };
}
