import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import { guarded } from './guarded.ts';
import { urlOption, wholeNumber } from './optionValues.ts';
import { keyOption, type ServerOptions } from './serverOptions.ts';

const FORMATS = ['ndjson', 'npy', 'parquet'];

/** `alcove rows …`: rows with vectors, any number of them, in and out of a library. */
export function addRows(alcove: Command): void {
  const rows = alcove
    .command('rows')
    .description('Import and export chunks with their vectors as NDJSON, .npy or Parquet.');
  addImport(rows);
  addExport(rows);
}

function addImport(rows: Command): void {
  rows
    .command('import')
    .description('Write rows into a library that exists; running it again changes nothing.')
    .argument('<library>', 'name or id of the library')
    .argument(
      '<files...>',
      'files named .ndjson, .jsonl, .npy or .parquet, also with .gz; - is the standard input',
    )
    .addOption(new Option('--format <format>', 'what the files are, whatever their names').choices(FORMATS))
    .option('--document <title>', 'document of rows that name none; the name of their file if left out')
    .option('--prefix <prefix>', 'what ids are made with where rows bring none, or one without chk_')
    .option('--after <line>', 'pass over rows up to this line (of the first file)', wholeNumber, 0)
    .option('--max-errors <number>', 'give up after so many rows that are wrong', wholeNumber)
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        [
          'alcove rows import notes chunks.ndjson',
          'rows such as {"id": "chk_1", "text": "…", "embedding": [0.1, …]}',
        ],
        [
          'alcove rows import notes vectors.npy --prefix notes',
          'a matrix; ids are chk_notes-1, chk_notes-2 …',
        ],
        ['zcat dump.ndjson.gz | alcove rows import notes -', 'the standard input'],
      ),
    )
    .action(
      guarded(
        async (
          library: string,
          files: string[],
          options: import('./importRows.ts').Options & ServerOptions,
        ) => {
          const { importRows } = await import('./importRows.ts');
          await importRows(options, library, files, options);
        },
      ),
    );
}

function addExport(rows: Command): void {
  rows
    .command('export')
    .description('Write all chunks of a library, with their vectors and documents, to a file.')
    .argument('<library>', 'name or id of the library')
    .argument(
      '<file>',
      'a file named .ndjson, .npy or .parquet, which must not exist; - is the standard output',
    )
    .addOption(new Option('--format <format>', 'what to write, whatever the name').choices(FORMATS))
    .addOption(new Option('--vectors <how>', 'how NDJSON has vectors').choices(['base64', 'list', 'none']))
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        ['alcove rows export notes notes.ndjson', 'all that rows import takes'],
        ['alcove rows export notes notes.parquet', 'for PyArrow, pandas, DuckDB …'],
        ['alcove rows export notes - --vectors list | head -1', 'to look at one'],
      ),
    )
    .action(
      guarded(
        async (library: string, file: string, options: import('./exportRows.ts').Options & ServerOptions) => {
          const { exportRows } = await import('./exportRows.ts');
          await exportRows(options, library, file, options);
        },
      ),
    );
}
