import { parseArgs } from 'node:util';
import { DEFAULT_EF_CONSTRUCTION, DEFAULT_M, METRICS } from '../src/indexes/parameters.ts';
import { SHAPES } from './data/generate.ts';
import { PEER_NAMES } from './engines/openPeers.ts';
import type { BenchOptions } from './suites/Suite.ts';

/** What the command line asks for. */
export interface CommandLine {
  readonly command: string;
  readonly options: BenchOptions;
  /** Where the report goes as JSON, and its pictures as SVG, beside the terminal. */
  readonly json: string | undefined;
  readonly svg: string | undefined;
}

/** A command line that cannot be run, with what was got and what was expected. */
export class UsageError extends Error {}

function oneOf<T extends string>(name: string, got: string, known: readonly T[]): T {
  const found = known.find((value) => value === got);
  if (found === undefined) throw new UsageError(`${name}: got ${got}, expected one of ${known.join(', ')}`);
  return found;
}

function whole(name: string, got: string): number {
  const value = Number(got);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${name}: got ${got}, expected a whole number above 0`);
  return value;
}

/** `--peers a,b`; `none` for none. */
function peersOf(list: string): string[] {
  if (list === 'none') return [];
  return list.split(',').map((name) => oneOf('--peers', name, PEER_NAMES));
}

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], commands: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'clustered' },
      count: { type: 'string', default: '100000' },
      dim: { type: 'string', default: '768' },
      seed: { type: 'string', default: '1' },
      base: { type: 'string' },
      queries: { type: 'string' },
      truth: { type: 'string' },
      'query-count': { type: 'string', default: '1000' },
      k: { type: 'string', default: '10' },
      metric: { type: 'string', default: 'COSINE' },
      peers: { type: 'string', default: PEER_NAMES.join(',') },
      m: { type: 'string', default: String(DEFAULT_M) },
      ef: { type: 'string', default: String(DEFAULT_EF_CONSTRUCTION) },
      threads: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      fresh: { type: 'boolean', default: false },
      json: { type: 'string' },
      svg: { type: 'string' },
    },
  });
  const { base, queries, truth } = values;
  const count = values.count === 'all' ? Number.POSITIVE_INFINITY : whole('--count', values.count);
  return {
    command: oneOf('command', positionals[0] ?? 'none', commands),
    json: values.json,
    svg: values.svg,
    options: {
      data: oneOf('--data', values.data, SHAPES),
      count,
      dimension: whole('--dim', values.dim),
      seed: whole('--seed', values.seed),
      ...(base === undefined ? {} : { base }),
      ...(queries === undefined ? {} : { queries }),
      ...(truth === undefined ? {} : { truth }),
      queryCount: whole('--query-count', values['query-count']),
      k: whole('--k', values.k),
      metric: oneOf('--metric', values.metric, METRICS),
      peers: peersOf(values.peers),
      m: whole('--m', values.m),
      efConstruction: whole('--ef', values.ef),
      threads: whole('--threads', values.threads),
      rounds: whole('--rounds', values.rounds),
      isFresh: values.fresh,
    },
  };
}
