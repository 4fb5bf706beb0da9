import type { Goal, Table } from './Report.ts';

/** A number as a reader wants it: three significant digits, or whole with separators. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1_000) return Math.round(value).toLocaleString('en');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(4).replace(/0$/, '');
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'number' ? formatNumber(value) : value;
}

/** A table as Markdown whose columns line up, so that it reads in a terminal as well. */
export function formatTable({ title, columns, rows, note }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const isNumeric = columns.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const lines = cells.map(
    (row) =>
      `| ${widths
        .map((width, column) => {
          const text = row[column] ?? '';
          return isNumeric[column] ? text.padStart(width) : text.padEnd(width);
        })
        .join(' | ')} |`,
  );
  const rule = `|${widths.map((width, column) => (isNumeric[column] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const [head, ...body] = lines;
  return [`**${title}**`, '', head, rule, ...body, ...(note === undefined ? [] : ['', note])].join('\n');
}

/** Whether a goal is met; undefined where nothing was measured. */
export function isMet({ bound, measured, must }: Goal): boolean | undefined {
  if (measured === undefined || Number.isNaN(measured)) return undefined;
  return bound === 'least' ? measured >= must : measured <= must;
}

/** Goals as a table, in the order of their rows. */
export function goalsTable(goals: readonly Goal[]): Table {
  const sign = (goal: Goal) => (goal.bound === 'least' ? '≥' : '≤');
  return {
    title: 'Goals',
    columns: ['#', 'what', 'must', 'reach for', 'measured', 'met', 'note'],
    rows: goals
      .toSorted((a, b) => a.number - b.number)
      .map((goal) => [
        String(goal.number),
        goal.what,
        `${sign(goal)} ${formatNumber(goal.must)}`,
        `${sign(goal)} ${formatNumber(goal.reach)}`,
        goal.measured,
        { true: 'yes', false: 'no', undefined: 'not measured' }[String(isMet(goal))],
        goal.note ?? '',
      ]),
  };
}
