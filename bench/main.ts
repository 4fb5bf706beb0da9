/**
 * Measures the indexes, next to other libraries where they are installed. See docs/benchmarks.md.
 *
 *     npm run bench -- search --data clustered --count 100000 --dim 768 --seed 1 --metric COSINE
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { METRICS } from '../src/indexes/parameters.ts';
import { SHAPES } from './data/generate.ts';
import { PEERS } from './engines/openPeers.ts';
import { thisMachine } from './measure/machine.ts';
import type { Report } from './report/Report.ts';
import { formatTable, goalsTable } from './report/table.ts';
import { build } from './suites/build.ts';
import { search } from './suites/search.ts';
import type { BenchOptions, Suite } from './suites/Suite.ts';

const SUITES: Readonly<Record<string, Suite>> = { search, build };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: 'clustered' },
    count: { type: 'string', default: '100000' },
    dim: { type: 'string', default: '384' },
    seed: { type: 'string', default: '1' },
    base: { type: 'string' },
    queries: { type: 'string' },
    truth: { type: 'string' },
    'query-count': { type: 'string', default: '1000' },
    k: { type: 'string', default: '10' },
    metric: { type: 'string', default: 'COSINE' },
    peers: { type: 'string', default: Object.keys(PEERS).join(',') },
    m: { type: 'string', default: '16' },
    ef: { type: 'string', default: '128' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    fresh: { type: 'boolean', default: false },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
});

/** Ends the process with what was got and what was expected. */
function refuse(name: string, got: string, expected: readonly string[]): never {
  process.stderr.write(`bench: ${name}: got ${got}, expected one of ${expected.join(', ')}\n`);
  process.exit(2);
}

function oneOf<T extends string>(name: string, got: string, known: readonly T[]): T {
  return known.find((value) => value === got) ?? refuse(name, got, known);
}

const options: BenchOptions = {
  data: oneOf('data', values.data, SHAPES),
  count: Number(values.count),
  dimension: Number(values.dim),
  seed: Number(values.seed),
  ...(values.base === undefined ? {} : { base: values.base }),
  ...(values.queries === undefined ? {} : { queries: values.queries }),
  ...(values.truth === undefined ? {} : { truth: values.truth }),
  queryCount: Number(values['query-count']),
  k: Number(values.k),
  metric: oneOf('metric', values.metric, METRICS),
  peers: values.peers.split(',').filter((name) => name !== '').map((name) => oneOf('peers', name, Object.keys(PEERS))),
  m: Number(values.m),
  efConstruction: Number(values.ef),
  threads: Number(values.threads),
  rounds: Number(values.rounds),
  isFresh: values.fresh,
};

const suite = oneOf('suite', positionals[0] ?? 'none', Object.keys(SUITES));
const engines: Record<string, string> = {};
const started = new Date();
const result = await (SUITES[suite] as Suite)(options, (name, version) => {
  engines[name] = version;
});
const report: Report = {
  suite,
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`,
  startedAt: started.toISOString(),
  seconds: Math.round((Date.now() - started.getTime()) / 1_000),
  machine: thisMachine(),
  engines,
  ...result,
};
const { cpu, cores, node, commit, flags } = report.machine;
console.log(`${report.command}\n${cpu}, ${cores} cores, Node ${node} ${flags.join(' ')}, alcove ${commit}, ${report.seconds} s`);
console.log(Object.values(engines).join('; '));
for (const table of report.tables) console.log(`\n${formatTable(table)}`);
if (report.goals.length > 0) console.log(`\n${formatTable(goalsTable(report.goals))}`);
if (values.json !== undefined) {
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(report, undefined, 1)}\n`);
}
