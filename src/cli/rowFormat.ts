import { extname } from 'node:path';
import type { RowFormat } from '../client/index.ts';
import { CommandError } from './CommandError.ts';

/** The name that stands for the standard input or output. */
export const STANDARD_STREAM = '-';

const BY_ENDING: Readonly<Record<string, RowFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.npy': 'npy',
  '.parquet': 'parquet',
};

/** What a file holds: as asked for, or by its name. @throws CommandError */
export function rowFormatOf(file: string, asked: RowFormat | undefined): RowFormat {
  const format = asked ?? (file === STANDARD_STREAM ? 'ndjson' : BY_ENDING[extname(file).toLowerCase()]);
  if (format !== undefined) return format;
  throw new CommandError(
    `cannot tell the format of ${file} by its name; say --format ndjson, npy or parquet`,
  );
}
