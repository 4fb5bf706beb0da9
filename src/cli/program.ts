import { Command, Option } from 'commander';
import { packageVersion } from '../packageVersion.ts';
import { examples } from './examples.ts';
import { addFlags, environmentWith, flagOf } from './flags.ts';
import { guarded } from './guarded.ts';
import { addHealth } from './healthCommand.ts';
import { addKeys } from './keyCommands.ts';
import { addModel } from './modelCommands.ts';
import { share, urlOption, wholeNumber } from './optionValues.ts';
import { addRows } from './rowCommands.ts';
import type { SearchOutput } from './search.ts';
import { addSeed } from './seedCommand.ts';
import { keyOption, type ServerOptions } from './serverOptions.ts';

/** The command line `alcove`. Each command's module is loaded when it is called. */
export function program(): Command {
  const alcove = new Command('alcove')
    .description(
      'A GraphQL-native vector database: libraries, documents and chunks in, nearest neighbours out.',
    )
    .version(packageVersion())
    .showHelpAfterError('(run with --help to see what is possible)')
    .configureHelp({ sortSubcommands: false })
    .addHelpText(
      'after',
      `
A first round:
  $ alcove serve --sample            starts a server with its documentation as a sample library
  $ alcove search alcove-docs "how do I filter by date"
  $ alcove import notes ~/notes      makes the library notes of a folder of text, PDF, Word …
  $ alcove reindex notes             builds its index anew and shows the progress

Settings come from environment variables (docs/configuration.md); flags override them.`,
    );
  addServe(alcove);
  addImport(alcove);
  addRows(alcove);
  addSearch(alcove);
  addReindex(alcove);
  addReembed(alcove);
  addModel(alcove);
  addSeed(alcove);
  addHealth(alcove);
  addKeys(alcove);
  addBackup(alcove);
  addVerify(alcove);
  addRestore(alcove);
  return alcove;
}

function addServe(alcove: Command): void {
  const serve = alcove
    .command('serve')
    .description('Start the server; Ctrl-C stops it cleanly.')
    .addHelpText(
      'after',
      examples(
        ['alcove serve', 'on 127.0.0.1:4400, data in .alcove of this folder'],
        ['alcove serve --sample --port 0', 'a sample library, on a free port'],
        ['alcove serve --data /srv/alcove --log error', ''],
        ['ALCOVE_DATA=/srv/alcove alcove serve', 'every flag has a variable'],
      ),
    );
  addFlags(serve).action(
    guarded(async (options: Record<string, string | boolean | undefined>) => {
      const { serve } = await import('./serve.ts');
      await serve(environmentWith(options));
    }),
  );
}

function addImport(alcove: Command): void {
  alcove
    .command('import')
    .description(
      'Import files or folders (text, Markdown, HTML, PDF, Word, EPUB, CSV, JSONL); running it again replaces what it imported before.',
    )
    .argument('<library>', 'name of the library; made with the built-in embedder if it does not exist')
    .argument('<paths...>', 'files, or folders to walk (hidden files, links and node_modules are left out)')
    .option('--wait', 'keep documents whose embedder does not answer; they are embedded when it does')
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        ['alcove import notes ~/notes', 'everything below a folder'],
        ['alcove import notes todo.md ideas.txt', 'single files'],
        ['alcove import notes ~/notes', 'again: replaces what it wrote, and goes on after a Ctrl-C'],
      ),
    )
    .action(
      guarded(
        async (
          library: string,
          paths: string[],
          options: import('./import.ts').ImportOptions & ServerOptions,
        ) => {
          const { importPaths } = await import('./import.ts');
          await importPaths(options, library, paths, options);
        },
      ),
    );
}

function addSearch(alcove: Command): void {
  alcove
    .command('search')
    .description('Find chunks by what they say and what they mean.')
    .argument('<library>', 'name of the library')
    .argument('<text...>', 'what to look for')
    .option('-k, --hits <number>', 'how many hits', wholeNumber, 5)
    .addOption(
      new Option('--mode <mode>', 'by words, by meaning, or both')
        .choices(['hybrid', 'keyword', 'semantic'])
        .default('hybrid'),
    )
    .option('--rerank', "have the first hits judged anew by the server's own rule")
    .option('--exact', 'compare with every chunk')
    .option('--json', 'print the answer as JSON')
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        ['alcove search notes "where did I leave the keys"', ''],
        [
          'alcove search notes \'"spare keys" kitch*\' --mode keyword',
          'by words alone: a phrase, a beginning',
        ],
        ['alcove search notes keys -k 20 --exact', 'twenty hits, compared with every chunk'],
        ['alcove search notes keys --json', 'for programs'],
      ),
    )
    .action(
      guarded(async (library: string, text: string[], options: SearchOutput & ServerOptions) => {
        const { search } = await import('./search.ts');
        await search(options, library, text.join(' '), options);
      }),
    );
}

function addReindex(alcove: Command): void {
  alcove
    .command('reindex')
    .description("Build a library's index anew and follow the job.")
    .argument('<library>', 'name of the library')
    .addOption(new Option('--type <type>', 'index type').choices(['AUTO', 'FLAT', 'KD_TREE', 'LSH', 'HNSW']))
    .option('--m <number>', 'HNSW: links per node', wholeNumber)
    .option('--ef-construction <number>', 'HNSW: breadth of the beam while building', wholeNumber)
    .option('--min-recall <number>', 'do not swap in an index that does not reach this recall', share)
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        ['alcove reindex notes', "with the library's own settings"],
        ['alcove reindex notes --type HNSW --m 32', "with others, which are the library's from then on"],
        ['alcove reindex notes --min-recall 0.99', 'keep the old index if the new one is worse'],
      ),
    )
    .action(
      guarded(async (library: string, options: import('./reindex.ts').ReindexOptions & ServerOptions) => {
        const { reindex } = await import('./reindex.ts');
        await reindex(options, library, options);
      }),
    );
}

function addReembed(alcove: Command): void {
  alcove
    .command('reembed')
    .description("Change a library's model while it goes on serving, and follow the job.")
    .argument('<library>', 'name of the library')
    .addOption(
      new Option('--provider <provider>', 'who makes the vectors from then on')
        .choices(['BUILTIN', 'TRAINED', 'LOCAL', 'COHERE', 'OPENAI', 'OLLAMA'])
        .makeOptionMandatory(),
    )
    .option('--model <name>', "the model; for BUILTIN the server's own if left out")
    .option('--dimension <number>', "numbers in a vector; the model's own if left out", wholeNumber)
    .addOption(
      new Option('--metric <metric>', 'how near is measured; as it is if left out').choices([
        'COSINE',
        'DOT',
        'EUCLIDEAN',
      ]),
    )
    .option(
      '--min-recall <number>',
      'leave the library as it is if the new index does not reach this recall',
      share,
    )
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        ['alcove reembed notes --provider LOCAL --model all-MiniLM-L6-v2', 'from now on by meaning'],
        ['alcove reembed notes --provider OPENAI --model text-embedding-3-small --dimension 512', ''],
        ['alcove reembed notes --provider BUILTIN', 'back to the model that the server carries'],
      ),
    )
    .action(
      guarded(async (library: string, options: import('./reembed.ts').ReembedOptions & ServerOptions) => {
        const { reembed } = await import('./reembed.ts');
        await reembed(options, library, options);
      }),
    );
}

function addBackup(alcove: Command): void {
  const backup = alcove
    .command('backup')
    .description('Write a consistent copy of the database to a file, while the server runs or not.')
    .argument('<file>', 'where to write it; must not exist')
    .addHelpText(
      'after',
      examples(
        ['alcove backup notes-monday.db', 'of the data in .alcove of this folder'],
        ['alcove backup /backups/monday.db --data /srv/alcove', ''],
      ),
    );
  addFlags(backup, [flagOf('ALCOVE_DATA')]).action(
    guarded(async (file: string, options: { data?: string }) => {
      const { backup } = await import('./backup.ts');
      await backup(environmentWith(options), file);
    }),
  );
}

function addVerify(alcove: Command): void {
  const verify = alcove
    .command('verify')
    .description(
      'Read the database, or a backup, from end to end and compare everything with its checksums, while the server runs or not.',
    )
    .argument('[file]', 'a file written by backup; absent: the database of the data folder')
    .addHelpText(
      'after',
      examples(
        ['alcove verify --data /srv/alcove', 'what is served'],
        ['alcove verify /backups/monday.db', 'a backup'],
      ),
    );
  addFlags(verify, [flagOf('ALCOVE_DATA')]).action(
    guarded(async (file: string | undefined, options: { data?: string }) => {
      const { verify } = await import('./backup.ts');
      await verify(environmentWith(options), file);
    }),
  );
}

function addRestore(alcove: Command): void {
  const restore = alcove
    .command('restore')
    .description(
      'Make a data folder of a backup. No server may be running on it; indexes are rebuilt when they are first used.',
    )
    .argument('<file>', 'a file written by backup')
    .option('--replace', 'replace the database that is there; the old one is kept beside it')
    .addHelpText(
      'after',
      examples(
        ['alcove restore notes-monday.db --data restored', 'into a new folder'],
        ['alcove restore notes-monday.db --replace', 'in the place of the data in .alcove'],
      ),
    );
  addFlags(restore, [flagOf('ALCOVE_DATA')]).action(
    guarded(async (file: string, options: { data?: string; replace?: boolean }) => {
      const { restore } = await import('./restore.ts');
      await restore(environmentWith(options), file, options.replace ?? false);
    }),
  );
}
