import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../report/Report.ts';
import { svgOf } from '../report/svg.ts';
import { formatTable } from '../report/table.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const PAGE = join(DOCS, 'reliability.md');
const BEGIN = '<!-- soak: begin -->';
const END = '<!-- soak: end -->';

/** Writes figures and plot of a soak into docs/reliability.md, between its marks, or behind all if it has none yet. */
export function writeSoak(report: Report): void {
  const page = readFileSync(PAGE, 'utf8');
  const marked = page.includes(BEGIN) ? page : `${page.trimEnd()}\n\n## Soak\n\n${BEGIN}\n${END}\n`;
  const [before, after] = [marked.split(BEGIN)[0], marked.split(END)[1]];
  mkdirSync(join(DOCS, 'reliability'), { recursive: true });
  for (const plot of report.plots) writeFileSync(join(DOCS, 'reliability', `${plot.name}.svg`), svgOf(plot));
  const { cpu, cores, memoryGiB, node, commit } = report.machine;
  const parts = [
    `\`${report.command}\`, ${report.startedAt.slice(0, 10)}, commit ${commit}; ${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}.`,
    ...report.plots.map(({ name, title }) => `![${title}](reliability/${name}.svg)`),
    ...report.tables.map(formatTable),
  ];
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${parts.join('\n\n')}\n\n${END}${after}`);
}
