import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePictures } from '../runSuite.ts';
import type { Report, Table } from './Report.ts';
import { formatTable, goalsTable, isMet } from './table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where the runs of `all` are kept, one file for each. */
export const RESULTS = join(ROOT, 'bench', 'results');
const PAGE = join(ROOT, 'docs', 'benchmarks.md');
const PICTURES = join(ROOT, 'docs', 'benchmarks');

/** What stands between these lines of the page is written by `npm run bench -- report`; the rest is not touched. */
const BEGIN = '<!-- figures: begin -->';
const END = '<!-- figures: end -->';

/** Writes the figures and pictures of the last run into docs/. */
export async function writePage(): Promise<void> {
  const reports = readReports();
  rmSync(PICTURES, { recursive: true, force: true });
  for (const report of reports) writePictures(report, PICTURES);
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`${PAGE}: expected ${BEGIN} and ${END}`);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${figuresOf(reports)}\n\n${END}${after}`);
  console.log(`${relative(process.cwd(), PAGE)}: ${reports.length} runs`);
}

/** The results in the order of their files' names. */
export function readReports(): Report[] {
  return readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')) as Report);
}

/** The figures as Markdown: the machine, the goals, then suite by suite. */
export function figuresOf(reports: readonly Report[]): string {
  const goals = reports.flatMap((report) => report.goals);
  const missed = goals.filter((goal) => isMet(goal) === false).length;
  return [
    machineOf(reports),
    '### Goals',
    `${goals.filter((goal) => isMet(goal)).length} of ${goals.length} comparisons reach what they must; ${missed} do not.`,
    withoutTitle(goalsTable(goals)),
    ...reports.flatMap(sectionOf),
  ].join('\n\n');
}

function machineOf(reports: readonly Report[]): string {
  const [first] = reports;
  if (first === undefined) return 'No run yet: `npm run bench -- all`.';
  const { cpu, cores, memoryGiB, node, v8, flags } = first.machine;
  const versions = new Set(reports.flatMap((report) => Object.values(report.engines)));
  const minutes = Math.round(reports.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  const commits = [...new Set(reports.map(({ machine }) => machine.commit))];
  const loads = reports
    .map(({ machine }) => machine.load ?? Number.NaN)
    .filter((load) => !Number.isNaN(load));
  const load =
    loads.length === 0 ? '' : ` Load when the runs began: ${Math.min(...loads)} to ${Math.max(...loads)}.`;
  const isMixed = commits.length > 1 ? ' Runs of different commits, made at different times.' : '';
  return [
    `${first.startedAt.slice(0, 10)}, ${minutes} minutes, commit ${commits.join(', ')}.${isMixed}${load}`,
    `${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node} (V8 ${v8}) ${flags.join(' ')}.`,
    `${[...versions].toSorted().join('; ')}.`,
  ].join(' ');
}

function sectionOf({ command, tables, plots }: Report): string[] {
  const [first, ...others] = tables;
  if (first === undefined) return [];
  return [
    `### ${first.title}`,
    `\`${command}\``,
    ...plots.map(({ name, title }) => `![${title}](benchmarks/${name}.svg)`),
    withoutTitle(first),
    ...others.slice(0, SHOWN_TABLES - 1).map(formatTable),
    ...details(others.slice(SHOWN_TABLES - 1)),
  ];
}

/** A table under a heading that says what it is. */
function withoutTitle(table: Table): string {
  return formatTable(table).split('\n').slice(2).join('\n');
}

/** Tables that a section shows at once; further ones are the single points of what the first tells. */
const SHOWN_TABLES = 2;

function details(tables: readonly Table[]): string[] {
  if (tables.length === 0) return [];
  return ['<details><summary>Every point</summary>', ...tables.map(formatTable), '</details>'];
}
