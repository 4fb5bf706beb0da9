import type { ByteStream, SourceRow } from './SourceRow.ts';
import { unreadableRows } from './unreadableRows.ts';

/** A text of 1 MiB with every character escaped, a vector of 16,384 numbers and metadata are shorter. */
const MAX_LINE_BYTES = 8_388_608;
const NEWLINE = 0x0a;

/**
 * The rows of newline-delimited JSON, one to a line; empty lines are passed over, lines up to `after` are not looked at. What is
 * wrong with one line is that line's error. No more than a line is held at a time, and of one that is too long nothing.
 */
export async function* readNdjson(bytes: ByteStream, after: number): AsyncGenerator<readonly SourceRow[]> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let line = 1;
  const take = (part: Uint8Array): void => {
    length += part.length;
    // Of a line that will be refused, or is passed over, only the length is of interest.
    if (line > after && length <= MAX_LINE_BYTES) parts.push(part);
    else parts.length = 0;
  };
  const endLine = (rows: SourceRow[]): void => {
    if (line > after) {
      const row = length > MAX_LINE_BYTES ? tooLong(line, length) : parseLine(line, parts, length);
      if (row !== undefined) rows.push(row);
    }
    parts.length = 0;
    length = 0;
    line += 1;
  };
  for await (const chunk of bytes) {
    const rows: SourceRow[] = [];
    for (let from = 0; from < chunk.length; ) {
      if (length === 0 && chunk[from] === NEWLINE) {
        line += 1;
        from += 1;
        continue;
      }
      const end = chunk.indexOf(NEWLINE, from);
      take(chunk.subarray(from, end === -1 ? chunk.length : end));
      if (end === -1) break;
      endLine(rows);
      from = end + 1;
    }
    if (rows.length > 0) yield rows;
  }
  const rows: SourceRow[] = [];
  if (length > 0) endLine(rows);
  if (rows.length > 0) yield rows;
}

function parseLine(line: number, parts: readonly Uint8Array[], bytes: number): SourceRow | undefined {
  let text: string;
  try {
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, bytes);
    text = new TextDecoder('utf-8', { fatal: true }).decode(whole);
  } catch {
    return refused(line, bytes, 'a line that is not valid UTF-8');
  }
  if (text.trim() === '') return undefined;
  try {
    return { line, bytes, value: JSON.parse(text) };
  } catch (error) {
    return refused(line, bytes, `a line that is not JSON (${(error as Error).message.slice(0, 120)})`);
  }
}

function tooLong(line: number, bytes: number): SourceRow {
  const error = unreadableRows('TOO_LARGE', `a line of ${bytes} bytes`, `at most ${MAX_LINE_BYTES}`);
  return { line, bytes: 0, value: undefined, error };
}

function refused(line: number, bytes: number, got: string): SourceRow {
  const error = unreadableRows('CORRUPT', got, 'a JSON object such as {"id": "chk_1", "text": "…"}');
  return { line, bytes, value: undefined, error };
}
