import type { Problems } from './Problems.ts';

/** A record's fields as people read them: `name: value`, a line each; empty ones are left out. */
export function fieldLines(fields: Iterable<readonly [name: string, value: string]>): string {
  const lines: string[] = [];
  for (const [name, value] of fields) {
    const text = value.trim();
    if (text !== '') lines.push(`${name}: ${text}`);
  }
  return lines.join('\n');
}

/** A field's value up to a limit, in UTF-16 code units; what is cut off is a problem. */
export function boundedField(value: string, limit: number, place: string, problems: Problems): string {
  if (value.length <= limit) return value;
  problems.add(place, 'TOO_LARGE', {
    got: `a field of ${value.length} characters`,
    expected: `at most ${limit}; the rest is left out`,
    todo: 'Split the record.',
  });
  return value.slice(0, limit).toWellFormed();
}
