/**
 * Measures the indexes, next to other libraries where they are installed; docs/benchmarks.md says how.
 *
 *     npm run bench -- search --data clustered --count 100000 --dim 768 --seed 1 --metric COSINE
 *     npm run bench -- all
 */
import { parseCommandLine, UsageError } from './options.ts';
import { reportText, runSuite, writeJson, writePictures } from './runSuite.ts';
import { build } from './suites/build.ts';
import { churn } from './suites/churn.ts';
import { exact } from './suites/exact.ts';
import { filtered } from './suites/filtered.ts';
import { kdTree } from './suites/kdTree.ts';
import { lsh } from './suites/lsh.ts';
import { restart } from './suites/restart.ts';
import type { Suite } from './suites/Suite.ts';
import { search } from './suites/search.ts';
import { threads } from './suites/threads.ts';

const SUITES: Readonly<Record<string, Suite>> = {
  search,
  build,
  exact,
  filtered,
  churn,
  restart,
  'kd-tree': kdTree,
  lsh,
  threads,
};

/** Commands with options of their own, in files that are only read when they are asked for. */
const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  all: async (args) => (await import('./all.ts')).all(args),
  batch: async (args) => (await import('./api/batch.ts')).measureBatch(args),
  report: async () => (await import('./report/page.ts')).writePage(),
  import: async (args) => (await import('./api/import.ts')).importOverApi(args),
  ingest: async (args) => (await import('./api/ingest.ts')).readAndChunk(args),
  markdown: async (args) => (await import('./api/markdown.ts')).splitMarkdown(args),
  words: async (args) => (await import('./api/words.ts')).searchWords(args),
  load: async (args) => (await import('./server/load.ts')).load(args),
  saturation: async (args) => (await import('./server/saturation.ts')).saturation(args),
  soak: async (args) => (await import('./server/soak.ts')).soak(args),
  subscribers: async (args) => (await import('./server/subscribers.ts')).subscribers(args),
  vectors: async (args) => (await import('./api/vectors.ts')).readVectors(args),
  'way-in': async (args) => (await import('./api/wayIn.ts')).measureWayIn(args),
};

async function runNamedSuite(args: readonly string[]): Promise<void> {
  const line = parseCommandLine(args, [...Object.keys(SUITES), ...Object.keys(COMMANDS)]);
  const report = await runSuite(line.command, SUITES[line.command] as Suite, line.options, args);
  console.log(reportText(report));
  if (line.json !== undefined) writeJson(report, line.json);
  if (line.svg !== undefined) writePictures(report, line.svg);
}

const args = process.argv.slice(2);
const command = COMMANDS[args[0] ?? ''];
try {
  if (command === undefined) await runNamedSuite(args);
  else await command(args.slice(1));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
