import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient, orThrow } from '../../src/client/index.ts';
import { generate } from '../data/generate.ts';
import { quantile } from '../measure/statistics.ts';
import type { SuiteResult } from '../report/Report.ts';
import { reportText, runReported, writeJson } from '../runSuite.ts';
import { Follower, phasesOf } from './Follower.ts';
import { fillLibrary, LIBRARY } from './fillLibrary.ts';
import { COLLECTING, Target } from './Target.ts';

/** Connections that are opened at the same time. */
const OPENED_AT_ONCE = 50;
const POLL_MS = 20;
const MIB = 2 ** 20;

interface Options {
  readonly subscribers: number;
  readonly jobs: number;
  readonly count: number;
  readonly dimension: number;
}

/**
 * A crowd follows index jobs over WebSocket, each on a connection of its own: does everyone hear of every phase, how late are
 * events, and does the server give its memory back when they go?
 *
 *     npm run bench -- subscribers [--subscribers 1000] [--jobs 3] [--count 20000] [--dim 256] [--json FILE]
 */
export async function subscribers(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      subscribers: { type: 'string', default: '1000' },
      jobs: { type: 'string', default: '3' },
      count: { type: 'string', default: '20000' },
      dim: { type: 'string', default: '256' },
      json: { type: 'string' },
    },
  });
  const options = {
    subscribers: Number(values.subscribers),
    jobs: Number(values.jobs),
    count: Number(values.count),
    dimension: Number(values.dim),
  };
  const report = await runReported(['subscribers', ...args], 'subscribers', () => follow(options));
  console.log(reportText(report));
  if (values.json !== undefined) writeJson(report, values.json);
}

async function follow(options: Options): Promise<SuiteResult> {
  const { count, dimension, jobs, subscribers: crowd } = options;
  const folder = mkdtempSync(join(tmpdir(), 'alcove-subscribers-'));
  const target = await Target.start(
    { kind: 'alcove', threads: 2, environment: { ALCOVE_DATA: folder } },
    COLLECTING,
  );
  try {
    await fillLibrary(target.url, generate({ name: 'clustered', count, dimension, seed: 1 }), dimension);
    const rows: (string | number)[][] = [];
    // So that there is a job whose snapshot tells followers that they are subscribed.
    await oneJob(target, 0);
    await oneJob(target, 1);
    const baseline = await memoryOf(target);
    rows.push(['before', 0, '', ...Array.from({ length: 5 }, () => Number.NaN), ...baseline]);
    for (let job = 1; job <= jobs; job++)
      rows.push([`job ${job}`, ...(await oneJob(target, crowd)), ...(await memoryOf(target))]);
    return {
      tables: [
        {
          title: `${crowd} subscribers follow an index job: ${count} × ${dimension}`,
          columns: [
            'when',
            'events',
            'phases that everyone heard of',
            'p50 ms',
            'p99 ms',
            'max ms',
            'server busy',
            'processor µs/event',
            'heap of the server threads after, MiB',
            'resident after, MiB',
            'descriptors after',
          ],
          rows,
          note: 'A delay is from the time that an event bears to its arrival at a client in another process of the same machine. The processor time is that of the server threads, for each event that arrived. Memory is taken when all have gone, and garbage has been collected.',
        },
      ],
      plots: [],
      goals: [],
    };
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function oneJob(target: Target, crowd: number): Promise<(string | number)[]> {
  const followers: Follower[] = [];
  while (followers.length < crowd) {
    const next = Array.from({ length: Math.min(OPENED_AT_ONCE, crowd - followers.length) }, () =>
      Follower.follow(target.url, LIBRARY),
    );
    followers.push(...(await Promise.all(next)));
  }
  await Promise.all(followers.map(subscribed));
  const client = createClient({ url: target.url });
  const before = await target.figures();
  const serverBefore = serverMs(target);
  const began = performance.now();
  const heard = followers.map((follower) => follower.nextEnd());
  const { job } = orThrow(await client.reindex({ library: { name: LIBRARY }, settings: { type: 'HNSW' } }));
  for await (const { job: now } of client.followJob(job.id))
    if (now.state === 'FAILED') throw new Error(now.error?.message);
  await Promise.all(heard);
  const busy = ((await target.figures()).processorMs - before.processorMs) / (performance.now() - began);
  const processorMs = serverMs(target) - serverBefore;
  const phases = followers.map((follower) => phasesOf(follower, job.id));
  const all = [...new Set(phases.flat())];
  const common = all.filter((phase) => phases.every((one) => one.includes(phase)));
  const missed = phases.filter((one) => one.length < all.length).length;
  const delays = followers.flatMap(({ delaysMs }) => delaysMs);
  await Promise.all(followers.map((follower) => follower.close()));
  await client.close();
  return [
    delays.length,
    `${common.join(', ')}${missed > 0 ? ` (${missed} missed some)` : ''}`,
    quantile(delays, 0.5),
    quantile(delays, 0.99),
    Math.max(...delays.slice(0, 100_000)),
    busy,
    (1_000 * processorMs) / delays.length,
  ];
}

/** What the server threads have used of processors: builders and the writer are left out. */
function serverMs(target: Target): number {
  return target.threadTimes().get('server') ?? Number.NaN;
}

/** The first event is the snapshot of the job before. */
async function subscribed({ events }: Follower): Promise<void> {
  while (events.length === 0) await wait(POLL_MS);
}

async function memoryOf(
  target: Target,
): Promise<[heapMib: number, residentMib: number, descriptors: number]> {
  const { heapBytes, residentBytes } = await target.figures({ collected: true });
  return [(heapBytes.server ?? Number.NaN) / MIB, residentBytes / MIB, target.descriptors() ?? Number.NaN];
}
