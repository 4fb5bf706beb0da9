import { loadPeer } from '../engines/loadPeer.ts';
import { quantile } from '../measure/statistics.ts';
import type { Target } from './Target.ts';

/** What of the package autocannon is used. */
type Autocannon = (options: AutocannonOptions) => AutocannonRun;
interface AutocannonOptions {
  readonly url: string;
  readonly connections: number;
  readonly duration?: number;
  readonly amount?: number;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly { readonly body: string }[];
  readonly timeout: number;
}
interface AutocannonRun extends PromiseLike<AutocannonResult> {
  on(
    event: 'response',
    listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
  ): void;
}
interface AutocannonResult {
  readonly duration: number;
  readonly errors: number;
  readonly non2xx: number;
}

const { peer: autocannon, version } = loadPeer<Autocannon>('autocannon');
/** The load generator and its version. */
export const GENERATOR = version;

/** Requests that take longer count as errors. */
const TIMEOUT_SECONDS = 20;

export interface Drive {
  readonly bodies: readonly string[];
  readonly connections: number;
  /** How long. */
  readonly seconds?: number;
  /** How many requests, in place of how long. */
  readonly amount?: number;
}

/** What a target did under load. Times are those of requests that were answered as asked, with 2xx. */
export interface Driven {
  readonly requests: number;
  /** Answers a second, refusals among them, while the load generator shares the processors. */
  readonly rate: number;
  /** Answers with 2xx a second. */
  readonly goodput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Connections that failed, requests without an answer in time, and answers of another status than 2xx. */
  readonly errors: number;
  /** Of these, connections that failed and requests without an answer in time. */
  readonly unanswered: number;
  /** Processor time of the target's process for one request, in microseconds: nobody else's work is in it. */
  readonly processorUs: number;
  /** The same by the name of its threads. */
  readonly byThreadUs: ReadonlyMap<string, number>;
  /** Processors that the target kept busy. */
  readonly busy: number;
  /** Processors that the load generator kept busy. */
  readonly generatorBusy: number;
}

/** Posts GraphQL to a target over as many connections as it is told, each with one request under way at a time. */
export async function drive(
  target: Target,
  { bodies, connections, seconds, amount }: Drive,
): Promise<Driven> {
  const times: number[] = [];
  const before = await target.figures();
  const threadsBefore = target.threadTimes();
  const generatorBefore = process.cpuUsage();
  const began = performance.now();
  const run = autocannon({
    url: `${target.url}/graphql`,
    connections,
    ...(amount === undefined ? { duration: seconds ?? 1 } : { amount }),
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    requests: bodies.map((body) => ({ body })),
    timeout: TIMEOUT_SECONDS,
  });
  let answers = 0;
  run.on('response', (_client, status, _bytes, milliseconds) => {
    answers += 1;
    if (status < 300) times.push(milliseconds);
  });
  const { errors, non2xx, duration } = await run;
  const elapsedMs = performance.now() - began;
  const after = await target.figures();
  const generator = process.cpuUsage(generatorBefore);
  const processorMs = after.processorMs - before.processorMs;
  const byThreadUs = new Map<string, number>();
  for (const [name, ms] of target.threadTimes()) {
    const us = ((ms - (threadsBefore.get(name) ?? 0)) * 1_000) / answers;
    byThreadUs.set(name, us);
  }
  return {
    requests: answers,
    rate: answers / duration,
    goodput: times.length / duration,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    p999Ms: quantile(times, 0.999),
    errors: errors + non2xx,
    unanswered: errors,
    processorUs: (processorMs * 1_000) / answers,
    byThreadUs,
    busy: processorMs / elapsedMs,
    generatorBusy: (generator.user + generator.system) / 1_000 / elapsedMs,
  };
}
