import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from '../data/generate.ts';
import { median } from '../measure/statistics.ts';
import type { SuiteResult, Table } from '../report/Report.ts';
import { reportText, runReported, writeJson } from '../runSuite.ts';
import { type Driven, drive, GENERATOR } from './drive.ts';
import { fillLibrary, LIBRARY } from './fillLibrary.ts';
import { knnRequests } from './knnRequests.ts';
import { Target } from './Target.ts';

const QUESTIONS = 100;
const K = 10;
/** So that code is compiled and caches are filled before anything is counted. */
const WARM_UP_REQUESTS = 1_000;

/** The same server with a queue that holds whatever comes, for as long as it takes. */
const UNBOUNDED = {
  ALCOVE_MAX_QUEUED: '1000000',
  ALCOVE_MAX_QUEUE_MS: '60000',
  ALCOVE_MAX_RUNNING: '1000000',
};
const SERVERS = [
  { name: 'as it comes', environment: {} },
  { name: 'without bounds', environment: UNBOUNDED },
] as const;

interface SaturationOptions {
  readonly connections: readonly number[];
  readonly threads: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly count: number;
  readonly dimension: number;
}

interface Row {
  readonly server: (typeof SERVERS)[number];
  readonly connections: number;
  readonly rounds: Driven[];
}

/**
 * Puts Alcove under more load than it can answer: exact searches over as many connections as are named, each of which asks again as soon
 * as it has an answer, were it a refusal. Beside it the same with a queue without bounds. All take turns.
 *
 *     npm run bench -- saturation [--connections 8,64,512] [--threads 1] [--seconds 4] [--rounds 3] [--count 20000] [--dim 384]
 *                                 [--json FILE]
 */
export async function saturation(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      connections: { type: 'string', default: '8,64,512' },
      threads: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      count: { type: 'string', default: '20000' },
      dim: { type: 'string', default: '384' },
      json: { type: 'string' },
    },
  });
  const options = {
    connections: values.connections.split(',').map(Number),
    threads: Number(values.threads),
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    count: Number(values.count),
    dimension: Number(values.dim),
  };
  const report = await runReported(['saturation', ...args], 'saturation', async (announce) => {
    announce('generator', GENERATOR);
    return saturate(options);
  });
  console.log(reportText(report));
  if (values.json !== undefined) writeJson(report, values.json);
}

async function saturate(options: SaturationOptions): Promise<SuiteResult> {
  const { connections, threads, seconds, rounds, count, dimension } = options;
  const data = generate({ name: 'clustered', count: count + QUESTIONS, dimension, seed: 1 });
  const questions = data.subarray(count * dimension);
  const bodies = knnRequests(questions, dimension, { library: LIBRARY, k: K, form: 'base64', exact: true });
  const folder = mkdtempSync(join(tmpdir(), 'alcove-saturation-'));
  const start = (environment: Readonly<Record<string, string>>) =>
    Target.start({ kind: 'alcove', threads, environment: { ALCOVE_DATA: folder, ...environment } });
  try {
    const filled = await start({});
    await fillLibrary(filled.url, data.subarray(0, count * dimension), dimension);
    await filled.stop();
    const rows: Row[] = connections.flatMap((number) =>
      SERVERS.map((server) => ({ server, connections: number, rounds: [] })),
    );
    for (let round = 0; round < rounds; round++) {
      for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
        const target = await start(row.server.environment);
        try {
          await drive(target, { bodies, connections: 4, amount: WARM_UP_REQUESTS });
          row.rounds.push(await drive(target, { bodies, connections: row.connections, seconds }));
        } finally {
          await target.stop();
        }
      }
    }
    return { tables: [tableOf(rows, options)], plots: [], goals: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const middle = (row: Row, of: (driven: Driven) => number): number => median(row.rounds.map(of));

/** Requests answered for each second of processor time that the server had, whatever it spent on refusals. */
const yieldOf = (row: Row): number =>
  middle(row, ({ goodput, rate, processorUs }) => (1e6 / processorUs) * (goodput / rate));

/** What a row has of the most that its server had, over however many connections. */
function shareOfPeak(row: Row, rows: readonly Row[], of: (row: Row) => number): number {
  return of(row) / Math.max(...rows.filter(({ server }) => server === row.server).map(of));
}

const answered = (row: Row): number => middle(row, ({ goodput }) => goodput);

function tableOf(
  rows: readonly Row[],
  { threads, seconds, count, dimension, rounds }: SaturationOptions,
): Table {
  return {
    title: `Exact searches of ${count} × ${dimension}, ${threads} server threads: what is answered when more is asked`,
    columns: [
      'connections',
      'queue',
      'answered/s',
      'of its peak',
      'answered per processor second',
      'of its peak, by processor time',
      'refused/s',
      'p50 ms',
      'p99 ms',
      'without an answer',
    ],
    rows: rows.map((row) => [
      row.connections,
      row.server.name,
      answered(row),
      shareOfPeak(row, rows, answered),
      yieldOf(row),
      shareOfPeak(row, rows, yieldOf),
      middle(row, ({ rate, goodput }) => rate - goodput),
      middle(row, ({ p50Ms }) => p50Ms),
      middle(row, ({ p99Ms }) => p99Ms),
      row.rounds.reduce((sum, { unanswered }) => sum + unanswered, 0),
    ]),
    note: `Each connection asks again as soon as it is answered or refused; ${seconds} s, the median of ${rounds} rounds, all taking turns. Times are those of requests that were answered. The load generator and whatever else runs share the processors; processor time is the server's own.`,
  };
}
