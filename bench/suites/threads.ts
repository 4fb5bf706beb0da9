import { setTimeout as wait } from 'node:timers/promises';
import type { Dataset } from '../data/Dataset.ts';
import { readDataset } from '../data/readDataset.ts';
import { type AlcoveEngine, openAlcove } from '../engines/alcove.ts';
import type { SearchReport } from '../engines/alcoveWorker.ts';
import { runOnThreads } from '../engines/threads.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { median, quantile } from '../measure/statistics.ts';
import type { Goal, Table } from '../report/Report.ts';
import { formatNumber } from '../report/table.ts';
import { titleOf } from '../report/titles.ts';
import { type BenchOptions, type Suite, settingsOf } from './Suite.ts';

/** How long a measurement of searches lasts. */
const SEARCH_MS = 1_500;
const EFFORT = 64;

/** What some threads reached that searched at the same time. */
interface Load {
  readonly rate: number;
  /** Searches for each second that a processor spent, on all threads of this process. */
  readonly perProcessorSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One thread and two, searching and building; and searches while another thread builds an index of the same vectors. */
export const threads: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const builds: Builds = { one: [], two: [] };
  let ours: AlcoveEngine | undefined;
  for (let round = 0; round < options.rounds; round++) {
    for (const [name, count] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      await ours?.close?.();
      ours = openAlcove({ ...settingsOf(options, dataset), threads: count });
      const processor = process.cpuUsage();
      const rate = dataset.count / (await buildOne(ours, dataset));
      builds[name].push({ rate, perProcessorSecond: dataset.count / processorSecondsSince(processor) });
    }
  }
  const built = ours as AlcoveEngine;
  announce(built.name, built.version);
  const loads = await searchLoads(built, dataset, options);
  await built.close?.();
  return {
    tables: tablesOf(builds, loads, dataset),
    plots: [],
    goals: goalsOf(builds, loads, dataset),
  };
};

type Work = Pick<Load, 'rate' | 'perProcessorSecond'>;
type Builds = Readonly<Record<'one' | 'two', Work[]>>;
type Situation = 'one' | 'two' | 'one reindexing' | 'two reindexing';
type Loads = Readonly<Record<Situation, readonly Load[]>>;

async function searchLoads(engine: AlcoveEngine, dataset: Dataset, options: BenchOptions): Promise<Loads> {
  const queries = sharedCopy(dataset.queries);
  const vectors = sharedCopy([dataset.vectors]);
  const loads: Record<Situation, Load[]> = { one: [], two: [], 'one reindexing': [], 'two reindexing': [] };
  for (let round = 0; round < options.rounds; round++) {
    for (const count of [1, 2] as const) {
      const name = count === 1 ? 'one' : 'two';
      const search = () => searchTogether(engine, queries, count, options.k);
      loads[name].push(await search());
      const stop = reindex(engine, vectors);
      await wait(REINDEX_LEAD_MS);
      loads[`${name} reindexing`].push(await search());
      await stop();
    }
  }
  return loads;
}

/** By then the builder has appended its vectors and is at the build itself. */
const REINDEX_LEAD_MS = 1_000;

/** Builds an index of the same kind in a thread of its own, again and again, until told to stop. */
function reindex({ index }: AlcoveEngine, vectors: SharedArrayBuffer): () => Promise<unknown> {
  const board = new Int32Array(new SharedArrayBuffer(4));
  const done = runOnThreads(1, () => ({ do: 'reindex', parameters: index.parameters, vectors, board }));
  return () => {
    Atomics.store(board, 0, 1);
    return done;
  };
}

/** Searches on so many threads that start together. */
async function searchTogether(
  { index }: AlcoveEngine,
  queries: SharedArrayBuffer,
  count: number,
  k: number,
): Promise<Load> {
  const board = new Int32Array(new SharedArrayBuffer(8));
  const reports = runOnThreads<SearchReport>(count, () => ({
    do: 'search',
    shared: index.share(),
    queries,
    k,
    effort: EFFORT,
    board,
  }));
  while (Atomics.load(board, 0) < count) await wait(5);
  const began = performance.now();
  const processor = process.cpuUsage();
  Atomics.store(board, 1, 1);
  Atomics.notify(board, 1);
  await wait(SEARCH_MS);
  Atomics.store(board, 1, 2);
  const seconds = (performance.now() - began) / 1_000;
  const processorSeconds = processorSecondsSince(processor);
  const latenciesMs = (await reports).flat();
  return {
    rate: latenciesMs.length / seconds,
    perProcessorSecond: latenciesMs.length / processorSeconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

/** What all threads of this process have used since. */
function processorSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function sharedCopy(parts: readonly Float32Array[]): SharedArrayBuffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const copy = new Float32Array(new SharedArrayBuffer(4 * length));
  let at = 0;
  for (const part of parts) {
    copy.set(part, at);
    at += part.length;
  }
  return copy.buffer;
}

function middle<Field extends keyof Load>(loads: readonly Pick<Load, Field>[], field: Field): number {
  return median(loads.map((load) => load[field] as number));
}

function tablesOf(builds: Builds, loads: Loads, dataset: Dataset): Table[] {
  return [
    {
      title: `Threads that search at effort ${EFFORT}: ${titleOf(dataset)}`,
      columns: ['threads', 'q/s', 'q per processor second', 'p50 ms', 'p99 ms'],
      rows: Object.entries(loads).map(([name, some]) => [
        name,
        Math.round(middle(some, 'rate')),
        name.endsWith('reindexing') ? undefined : Math.round(middle(some, 'perProcessorSecond')),
        middle(some, 'p50Ms'),
        middle(some, 'p99Ms'),
      ]),
      note: 'reindexing: while one more thread builds an index of the same vectors. By processor time two threads lose only what they take from each other, and not what other programs take from both.',
    },
    {
      title: `Threads that build: ${titleOf(dataset)}`,
      columns: ['threads', 'vectors/s', 'vectors per processor second'],
      rows: Object.entries(builds).map(([name, some]) => [
        name,
        Math.round(middle(some, 'rate')),
        Math.round(middle(some, 'perProcessorSecond')),
      ]),
    },
  ];
}

function goalsOf(builds: Builds, loads: Loads, dataset: Dataset): Goal[] {
  const of = (name: Situation, field: keyof Load) => middle(loads[name], field);
  const what = titleOf(dataset);
  const scaling = (kind: string, one: readonly Work[], two: readonly Work[]): Goal => ({
    number: 14,
    what: `two threads vs one, ${kind}, ${what}`,
    bound: 'least',
    must: 1.85,
    reach: 1.95,
    measured: middle(two, 'rate') / middle(one, 'rate'),
    note: `${formatNumber((2 * middle(two, 'perProcessorSecond')) / middle(one, 'perProcessorSecond'))} by processor time`,
  });
  return [
    scaling('search', loads.one, loads.two),
    scaling('build', builds.one, builds.two),
    ...(['one', 'two'] as const).flatMap((name): Goal[] => {
      const during = `${name} searching, during a reindex vs idle, ${what}`;
      const rate = of(`${name} reindexing`, 'rate') / of(name, 'rate');
      const p99 = of(`${name} reindexing`, 'p99Ms') / of(name, 'p99Ms');
      return [
        { number: 11, what: `q/s, ${during}`, bound: 'least', must: 0.5, reach: 0.8, measured: rate },
        { number: 11, what: `p99, ${during}`, bound: 'most', must: 2.5, reach: 1.5, measured: p99 },
      ];
    }),
  ];
}
