import { createWriteStream, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportRowsOptions, RowFormat } from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { rowFormatOf, STANDARD_STREAM } from './rowFormat.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

export interface Options {
  readonly format?: RowFormat;
  readonly vectors?: NonNullable<ExportRowsOptions['vectors']>;
}

/** Writes a library's rows to a file, or to the standard output. A file that could not be written whole is removed. */
export async function exportRows(
  server: ServerOptions,
  library: string,
  file: string,
  options: Options,
): Promise<void> {
  const { format, vectors } = options;
  const stream = await clientOf(server).exportRows(library, {
    format: rowFormatOf(file, format),
    ...(vectors === undefined ? {} : { vectors }),
  });
  const source = Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
  if (file === STANDARD_STREAM) return pipeline(source, process.stdout, { end: false });
  const target = createWriteStream(file, { flags: 'wx' });
  try {
    await pipeline(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    rmSync(file, { force: true });
    throw new CommandError(`the export broke off (${(error as Error).message}); run it again`, {
      cause: error,
    });
  }
  process.stdout.write(`${target.bytesWritten} bytes are in ${file}\n`);
}
