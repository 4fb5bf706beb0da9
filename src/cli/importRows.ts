import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type AlcoveClient,
  AlcoveRequestError,
  type ImportRowsOptions,
  type RowCounts,
  type RowFormat,
} from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { ProgressBar } from './ProgressBar.ts';
import { rowFormatOf, STANDARD_STREAM } from './rowFormat.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

/** How often an import is taken up again where it was cut off, and how long before each time. */
const MAX_RETRIES = 5;
const RETRY_MS = 2_000;
const COMPRESSED = /\.gz$/i;

export interface Options {
  readonly format?: RowFormat;
  readonly document?: string;
  readonly prefix?: string;
  readonly after: number;
  readonly maxErrors?: number;
}

/**
 * Imports files of rows, one after another. Rows that are wrong are told, with their lines, and the others go in; a
 * connection that breaks is taken up again where it was.
 * @throws CommandError when rows have failed, or a file was not read to its end; it says how to go on.
 */
export async function importRows(
  server: ServerOptions,
  library: string,
  files: readonly string[],
  options: Options,
): Promise<void> {
  // Nothing is sent unless all that is named is there and its format is known.
  for (const file of files) {
    rowFormatOf(file.replace(COMPRESSED, ''), options.format);
    if (file !== STANDARD_STREAM) statSync(file);
  }
  const client = clientOf(server);
  let failed = 0;
  for (const [index, file] of files.entries()) {
    const counts = await importFile(client, library, file, {
      ...options,
      after: index === 0 ? options.after : 0,
    });
    failed += counts.failed;
    const notes = [
      `${counts.unchanged} unchanged`,
      ...(counts.truncated > 0 ? [`${counts.truncated} truncated`] : []),
    ];
    process.stdout.write(`${file}: ${counts.written} of ${counts.read} rows written (${notes.join(', ')})\n`);
  }
  if (failed > 0)
    throw new CommandError(`${failed} rows were left out; mend what is said above, and run it again`);
}

type Totals = Omit<RowCounts, 'revision'>;

async function importFile(
  client: AlcoveClient,
  library: string,
  file: string,
  options: Options,
): Promise<Totals> {
  let total: Totals = {
    read: 0,
    written: 0,
    unchanged: 0,
    failed: 0,
    truncated: 0,
    resumeAfter: options.after,
  };
  for (let retry = 0; ; retry++) {
    const begun = total;
    try {
      for await (const counts of sendFile(client, library, file, { ...options, after: begun.resumeAfter })) {
        total = sum(begun, counts);
      }
      return total;
    } catch (error) {
      const isCut = error instanceof AlcoveRequestError && error.retryable && file !== STANDARD_STREAM;
      const goOn = `go on with --after ${total.resumeAfter}`;
      if (!isCut || retry === MAX_RETRIES) {
        throw new CommandError(`${file}: ${(error as Error).message}; ${goOn}`, { cause: error });
      }
      process.stderr.write(
        `alcove: ${file}: ${error.message}; trying again after line ${total.resumeAfter}\n`,
      );
      await wait(RETRY_MS);
    }
  }
}

/** Sends a file once. Yields how far it has come, counted from its beginning or from `after`. */
async function* sendFile(
  client: AlcoveClient,
  library: string,
  file: string,
  { format, document, prefix, after, maxErrors }: Options,
): AsyncGenerator<RowCounts> {
  const isStandard = file === STANDARD_STREAM;
  const bytes = isStandard ? 0 : statSync(file).size;
  const bar = new ProgressBar();
  let sent = 0;
  const source: Readable = isStandard ? process.stdin : createReadStream(file);
  source.on('data', (chunk) => {
    sent += chunk.length;
  });
  source.pause();
  const request: ImportRowsOptions = {
    format: rowFormatOf(file.replace(COMPRESSED, ''), format),
    gzipped: COMPRESSED.test(file),
    after,
    document: document ?? (isStandard ? 'Standard input' : basename(file)),
    ...(prefix === undefined ? {} : { prefix }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
  };
  try {
    const body = Readable.toWeb(source) as ReadableStream<Uint8Array>;
    for await (const event of client.importRows(library, body, request)) {
      if ('line' in event) {
        const where = event.error.path.length === 0 ? '' : ` (${event.error.path.join('.')})`;
        bar.print(`alcove: ${file}:${event.line}: ${event.error.message}${where}`);
      } else if ('progress' in event) {
        bar.update('importing', sent, Math.max(bytes, sent), `${event.progress.read} rows`);
        yield event.progress;
      } else {
        bar.end();
        yield event.summary;
        const { error } = event.summary;
        if (error) throw new CommandError(error.message);
      }
    }
  } finally {
    bar.end();
    source.destroy();
  }
}

function sum(before: Totals, counts: RowCounts): Totals {
  return {
    read: before.read + counts.read,
    written: before.written + counts.written,
    unchanged: before.unchanged + counts.unchanged,
    failed: before.failed + counts.failed,
    truncated: before.truncated + counts.truncated,
    resumeAfter: counts.resumeAfter,
  };
}
