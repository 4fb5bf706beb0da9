import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from '../data/generate.ts';
import { median } from '../measure/statistics.ts';
import type { Goal, SuiteResult, Table } from '../report/Report.ts';
import { reportText, runReported, writeJson } from '../runSuite.ts';
import { BESIDES, type Beside, begin } from './beside.ts';
import { type Driven, drive, GENERATOR } from './drive.ts';
import { fillLibrary, LIBRARY } from './fillLibrary.ts';
import { knnRequests, type VectorForm } from './knnRequests.ts';
import { Target } from './Target.ts';
import { TARGET_KINDS, type TargetKind } from './TargetOrder.ts';

/** Different questions; connections go round them. */
const QUESTIONS = 200;
const K = 10;
/** Requests for each thread before anything is counted, so that code is compiled and caches are filled. */
const WARM_UP_REQUESTS = 4_000;

interface LoadOptions {
  readonly kinds: readonly TargetKind[];
  readonly threads: readonly number[];
  readonly forms: readonly VectorForm[];
  /** What goes on in Alcove's library meanwhile; the others have none. */
  readonly besides: readonly Beside[];
  readonly connections: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly count: number;
  readonly dimension: number;
}

function optionsOf(args: string[]): LoadOptions & { readonly json: string | undefined } {
  const { values } = parseArgs({
    args,
    options: {
      targets: { type: 'string', default: TARGET_KINDS.join(',') },
      threads: { type: 'string', default: '1,2' },
      forms: { type: 'string', default: 'base64,list' },
      beside: { type: 'string', default: BESIDES.join(',') },
      connections: { type: 'string', default: '32' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      count: { type: 'string', default: '10000' },
      dim: { type: 'string', default: '768' },
      json: { type: 'string' },
    },
  });
  return {
    kinds: TARGET_KINDS.filter((kind) => values.targets.split(',').includes(kind)),
    threads: values.threads.split(',').map(Number),
    forms: (['base64', 'list'] as const).filter((form) => values.forms.split(',').includes(form)),
    besides: BESIDES.filter((beside) => values.beside.split(',').includes(beside)),
    connections: Number(values.connections),
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    count: Number(values.count),
    dimension: Number(values.dim),
    json: values.json,
  };
}

/** One thing that was driven, and what each round of it gave. */
interface Row {
  readonly kind: TargetKind;
  readonly threads: number;
  readonly form: VectorForm;
  readonly beside: Beside;
  readonly rounds: Driven[];
}

/**
 * Drives servers over loopback with the same searches: a bare `http` server that parses the same JSON and answers the same bytes, Yoga
 * with Alcove's schema, Alcove with its search stubbed (all three answer the same), and Alcove as it is. All take turns.
 *
 *     npm run bench -- load [--targets echo,yoga,stubbed,alcove] [--threads 1,2] [--forms base64,list] [--beside nothing,writes,reindex] [--connections 32]
 *                           [--seconds 4] [--rounds 3] [--count 10000] [--dim 768] [--json FILE]
 */
export async function load(args: string[]): Promise<void> {
  const options = optionsOf(args);
  const report = await runReported(['load', ...args], 'load', async (announce) => {
    announce('generator', GENERATOR);
    return driveAll(options);
  });
  console.log(reportText(report));
  if (options.json !== undefined) writeJson(report, options.json);
}

async function driveAll(options: LoadOptions): Promise<SuiteResult> {
  const { kinds, rounds, count, dimension, connections, seconds } = options;
  const data = generate({ name: 'clustered', count: count + QUESTIONS, dimension, seed: 1 });
  const questions = data.subarray(count * dimension);
  const bodiesOf = (form: VectorForm) => knnRequests(questions, dimension, { library: LIBRARY, k: K, form });
  const folder = mkdtempSync(join(tmpdir(), 'alcove-load-'));
  try {
    const environment = { ALCOVE_DATA: folder };
    if (kinds.includes('alcove')) await fill(environment, data.subarray(0, count * dimension), dimension);
    const answer = await stubbedAnswer(bodiesOf('base64')[0] as string);
    const rows = rowsOf(options);
    for (let round = 0; round < rounds; round++) {
      for (const row of rows) {
        const target = await Target.start({ kind: row.kind, threads: row.threads, environment, answer });
        try {
          const bodies = bodiesOf(row.form);
          await drive(target, { bodies, connections, amount: WARM_UP_REQUESTS * row.threads });
          const going = await begin(row.beside, target.url, questions, dimension);
          row.rounds.push(await drive(target, { bodies, connections, seconds }));
          await going.end();
        } finally {
          await target.stop();
        }
      }
    }
    return { tables: tablesOf(rows, options), plots: [], goals: goalsOf(rows) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All to be driven. Other work beside it is only for Alcove as it is, and the compact form of vectors. */
function rowsOf({ kinds, threads, forms, besides }: LoadOptions): Row[] {
  return kinds.flatMap((kind) =>
    threads.flatMap((threadCount) =>
      forms.flatMap((form) =>
        besides
          .filter((beside) => beside === 'nothing' || (kind === 'alcove' && form === 'base64'))
          .map((beside) => ({ kind, threads: threadCount, form, beside, rounds: [] })),
      ),
    ),
  );
}

async function fill(
  environment: Record<string, string>,
  vectors: Float32Array,
  dimension: number,
): Promise<void> {
  const target = await Target.start({ kind: 'alcove', environment });
  await fillLibrary(target.url, vectors, dimension);
  await target.stop();
}

/** What Alcove answers when its search is stubbed: the bytes that the bare server is to send. */
async function stubbedAnswer(body: string): Promise<string> {
  const target = await Target.start({ kind: 'stubbed' });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${target.url}/graphql`, { method: 'POST', headers, body });
  const answer = await response.text();
  await target.stop();
  if (!response.ok || !answer.includes('edges')) throw new Error(`expected an answer, got ${answer}`);
  return answer;
}

const NAMES: Readonly<Record<TargetKind, string>> = {
  echo: 'bare http, same JSON and bytes',
  yoga: 'plain Yoga, search stubbed',
  stubbed: 'Alcove, search stubbed',
  alcove: 'Alcove',
};

const middle = (row: Row, of: (driven: Driven) => number): number => median(row.rounds.map(of));

function tablesOf(
  rows: readonly Row[],
  { connections, seconds, count, dimension, rounds }: LoadOptions,
): Table[] {
  const names = [
    ...new Set(rows.flatMap((row) => row.rounds.flatMap(({ byThreadUs }) => [...byThreadUs.keys()]))),
  ];
  const used = names.filter((name) =>
    rows.some((row) => middle(row, ({ byThreadUs }) => byThreadUs.get(name) ?? 0) >= 1),
  );
  return [
    {
      title: `Searches over HTTP: ${count} × ${dimension}, k ${K}, with text`,
      columns: [
        'server',
        'threads',
        'vector',
        'beside it',
        'requests/s',
        'p50 ms',
        'p99 ms',
        'p99.9 ms',
        'errors',
        'processor µs/request',
        'requests per processor second',
        'busy',
        'generator busy',
      ],
      rows: rows.map((row) => [
        NAMES[row.kind],
        row.threads,
        row.form,
        row.beside,
        middle(row, ({ rate }) => rate),
        middle(row, ({ p50Ms }) => p50Ms),
        middle(row, ({ p99Ms }) => p99Ms),
        middle(row, ({ p999Ms }) => p999Ms),
        row.rounds.reduce((sum, { errors }) => sum + errors, 0),
        middle(row, ({ processorUs }) => processorUs),
        1e6 / middle(row, ({ processorUs }) => processorUs),
        middle(row, ({ busy }) => busy),
        middle(row, ({ generatorBusy }) => generatorBusy),
      ]),
      note: `${connections} connections with one request under way each; ${seconds} s, the median of ${rounds} rounds, all taking turns. The load generator shares the processors with the servers, so requests a second of two threads are its limit as much as theirs; processor time is the server's own, and how many processors it and the generator kept busy stands beside it.`,
    },
    {
      title: 'Processor time by thread, µs a request',
      columns: ['server', 'threads', 'vector', 'beside it', ...used],
      rows: rows.map((row) => [
        NAMES[row.kind],
        row.threads,
        row.form,
        row.beside,
        ...used.map((name) => middle(row, ({ byThreadUs }) => byThreadUs.get(name) ?? 0)),
      ]),
    },
  ];
}

/** Ratios of processor time for a request, which neither the load generator nor other programs have a part in. */
function goalsOf(rows: readonly Row[]): Goal[] {
  const find = (kind: TargetKind, threads: number, form: VectorForm) =>
    rows.find(
      (row) => row.kind === kind && row.threads === threads && row.form === form && row.beside === 'nothing',
    );
  const goals: Goal[] = [];
  const one = find('stubbed', 1, 'base64');
  const ratios = (over: Row | undefined, under: Row | undefined) => {
    if (!over || !under) return undefined;
    const processor =
      middle(over, (driven) => driven.processorUs) / middle(under, (driven) => driven.processorUs);
    const rate = middle(under, (driven) => driven.rate) / middle(over, (driven) => driven.rate);
    return { processor, note: `${rate.toFixed(2)} by requests a second` };
  };
  for (const [kind, must, reach] of [
    ['echo', 0.5, 0.65],
    ['yoga', 2, 3],
  ] as const) {
    const found = ratios(find(kind, 1, 'base64'), one);
    if (found)
      goals.push({
        number: 13,
        what: `Alcove with its search stubbed vs ${NAMES[kind]}, one thread, base64`,
        bound: 'least',
        must,
        reach,
        measured: found.processor,
        note: found.note,
      });
  }
  for (const kind of ['stubbed', 'alcove'] as const) {
    const found = ratios(find(kind, 1, 'base64'), find(kind, 2, 'base64'));
    if (found)
      goals.push({
        number: 14,
        what: `two server threads vs one, ${NAMES[kind]}, by processor time`,
        bound: 'least',
        must: 1.85,
        reach: 1.95,
        measured: 2 * found.processor,
        note: found.note,
      });
  }
  return goals;
}
