import { parse } from 'csv-parse/sync';
import type { TextType } from './contentTypes.ts';
import { DocumentBuilder, type ExtractedDocument } from './ExtractedDocument.ts';
import { boundedField, fieldLines } from './fields.ts';
import { Problems } from './Problems.ts';
import { asCorrupt, checkCharacterCount, checkNotCancelled, type ReadContext } from './ReadContext.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** The delimiter is looked for in so many characters, and so many lines. */
const SAMPLE_CHARACTERS = 65_536;
const SAMPLE_LINES = 50;
/** The signal is looked at every so many rows. */
const ROWS_BETWEEN_LOOKS = 1_024;

/**
 * Rows as records: each stands under its row number, the first row of the file being row 1, as `column: value` lines. The
 * first row names the columns if its cells look like names.
 * @throws AlcoveError UnreadableFileError CORRUPT for a quote that is never closed; CancelledError.
 */
export function readCsv(text: string, contentType: TextType, context: ReadContext): ExtractedDocument {
  const builder = new DocumentBuilder();
  const problems = new Problems(context.file);
  let names: readonly string[] | undefined;
  let row = 0;
  const read = (cells: readonly string[]): null => {
    row += 1;
    if (row % ROWS_BETWEEN_LOOKS === 0) checkNotCancelled(context);
    if (row === 1 && looksLikeNames(cells)) names = cells.map((cell) => cell.trim());
    else addRow(cells);
    return null;
  };
  const addRow = (cells: readonly string[]) => {
    const place = `row ${row}`;
    const { maxFieldCharacters } = context.limits;
    const fields = cells.map((cell, index): [string, string] => [
      names?.[index] ?? `column ${index + 1}`,
      boundedField(cell, maxFieldCharacters, place, problems),
    ]);
    builder.record(`Row ${row}`);
    builder.lines(fieldLines(fields));
    checkCharacterCount(builder.length, context);
  };
  try {
    parse(text, {
      delimiter: contentType === 'text/tab-separated-values' ? '\t' : delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      // A cell's size is bounded by the file's; larger ones than allowed are cut, not refused.
      max_record_size: 0,
      on_record: (cells) => read(cells),
    });
  } catch (error) {
    throw asCorrupt(error, 'rows of cells, quotes closed', context);
  }
  // A header without rows is all that there is to read.
  if (names && row === 1) builder.lines(names.join(', '));
  return { contentType, ...builder.finish(), problems: problems.finish() };
}

/** The one that splits most lines alike: by how often it stands outside of quotes. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, SAMPLE_CHARACTERS)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/, SAMPLE_LINES)
    .filter((line) => line.trim() !== '');
  let [best, bestScore]: [string, number] = [',', 0];
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const [first = 0] = counts;
    const alike = counts.filter((count) => count === first).length;
    const score = first === 0 ? 0 : first * (alike / counts.length) ** 2;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Names are there, differ from one another, and are no numbers. */
function looksLikeNames(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim());
  return (
    new Set(names).size === names.length &&
    names.every((name) => name !== '' && name.length <= MAX_NAME_CHARACTERS && Number.isNaN(Number(name)))
  );
}

const MAX_NAME_CHARACTERS = 256;
