import { linesOf } from './blocks.ts';
import { DocumentBuilder, type ExtractedDocument } from './ExtractedDocument.ts';
import { boundedField, fieldLines } from './fields.ts';
import { Problems } from './Problems.ts';
import { asCorrupt, checkCharacterCount, checkNotCancelled, type ReadContext } from './ReadContext.ts';

/** Fields that hold a record's text where there is one of these names, the first first. */
const TEXT_FIELDS = ['text', 'content', 'body', 'passage'] as const;
const TITLE_FIELDS = ['title', 'name', 'heading'] as const;
/** Objects within one another that are looked into for strings. */
const MAX_DEPTH = 16;
const LINES_BETWEEN_LOOKS = 1_024;
const MAX_SHOWN = 60;

/**
 * JSON values, one a line: objects or strings. Each stands under its line number. What an object says is the field that is
 * called `text`, `content`, `body` or `passage`, under its title; without such a field, every string in it, as
 * `name: value` lines. A line that is neither is a problem of its own, and the others are read.
 * @throws AlcoveError UnreadableFileError CORRUPT when no line can be read; CancelledError.
 */
export function readJsonLines(text: string, context: ReadContext): ExtractedDocument {
  const builder = new DocumentBuilder();
  const problems = new Problems(context.file);
  let number = 0;
  let read = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (number % LINES_BETWEEN_LOOKS === 0) checkNotCancelled(context);
    if (line.text.trim() === '') continue;
    const said = textOfLine(line.text, `line ${number}`, context, problems);
    if (said === undefined) continue;
    read += 1;
    builder.record(`Line ${number}`);
    if (said.includes('\n')) builder.lines(said);
    else builder.prose(said);
    checkCharacterCount(builder.length, context);
  }
  if (read === 0 && problems.count > 0) {
    throw asCorrupt(
      `no line of ${problems.count} that is JSON`,
      'a JSON object or string on each line',
      context,
    );
  }
  return { contentType: 'application/x-ndjson', ...builder.finish(), problems: problems.finish() };
}

/** What one line says; undefined where it is no record. */
function textOfLine(
  line: string,
  place: string,
  { limits }: ReadContext,
  problems: Problems,
): string | undefined {
  const bounded = (value: string) => boundedField(value, limits.maxFieldCharacters, place, problems);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    return noRecord(`${shown(line)} (${got})`, place, problems);
  }
  if (typeof value === 'string') return bounded(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return noRecord(shown(line), place, problems);
  const fields = new Map(Object.entries(value));
  const text = stringOf(fields, TEXT_FIELDS);
  if (text === undefined)
    return fieldLines([...stringsIn(value)].map(([name, field]) => [name, bounded(field)]));
  const title = stringOf(fields, TITLE_FIELDS);
  return title === undefined ? bounded(text) : `${bounded(title)}\n\n${bounded(text)}`;
}

function noRecord(got: string, place: string, problems: Problems): undefined {
  const todo = 'Mend the line; the others were read.';
  problems.add(place, 'CORRUPT', { got, expected: 'a JSON object or string', todo });
}

function stringOf(fields: ReadonlyMap<string, unknown>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}

/** The strings of a value with their places: `author.name`, and lists of them joined. */
function* stringsIn(value: object, path = '', depth = 0): Generator<[string, string]> {
  for (const [name, field] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (typeof field === 'string') yield [place, field];
    else if (Array.isArray(field) && field.every((item) => typeof item === 'string'))
      yield [place, field.join(', ')];
    else if (typeof field === 'object' && field !== null && depth < MAX_DEPTH)
      yield* stringsIn(field, place, depth + 1);
  }
}

function shown(line: string): string {
  return JSON.stringify(line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line);
}
