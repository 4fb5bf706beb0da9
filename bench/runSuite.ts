import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { thisMachine } from './measure/machine.ts';
import type { Report, SuiteResult } from './report/Report.ts';
import { svgOf } from './report/svg.ts';
import { formatTable, goalsTable } from './report/table.ts';
import type { BenchOptions, Suite } from './suites/Suite.ts';

/** Runs a suite and says with what, on what, and how long. */
export function runSuite(
  name: string,
  suite: Suite,
  options: BenchOptions,
  args: readonly string[],
): Promise<Report> {
  return runReported(args, name, (announce) => suite(options, announce));
}

/** The same for anything that measures. `args` are those of the command line, from the suite's name on. */
export async function runReported(
  args: readonly string[],
  name: string,
  measure: (announce: (engine: string, version: string) => void) => Promise<SuiteResult>,
): Promise<Report> {
  const engines: Record<string, string> = {};
  const started = new Date();
  const machine = thisMachine();
  const result = await measure((engine, version) => {
    engines[engine] = version;
  });
  return {
    suite: name,
    command: `npm run bench -- ${args.join(' ').replaceAll(/ --(json|svg) \S+/g, '')}`,
    startedAt: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1_000),
    machine,
    engines,
    ...result,
  };
}

/** The report as a terminal shows it. */
export function reportText(report: Report): string {
  const { machine, engines, command, seconds, tables, goals } = report;
  const { cpu, cores, memoryGiB, node, flags, commit } = machine;
  const parts = [
    [
      command,
      `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${[node, ...flags].join(' ')}, alcove ${commit}, ${seconds} s`,
      Object.values(engines).join('; '),
    ].join('\n'),
    ...tables.map(formatTable),
    ...(goals.length > 0 ? [formatTable(goalsTable(goals))] : []),
  ];
  return parts.join('\n\n');
}

/** Writes the report as JSON. */
export function writeJson(report: Report, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 1)}\n`);
}

/** Writes the pictures into a folder. */
export function writePictures(report: Report, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const plot of report.plots) writeFileSync(join(folder, `${plot.name}.svg`), svgOf(plot));
}
