import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import { guarded } from './guarded.ts';
import { httpUrl, urlOption } from './optionValues.ts';
import { keyOption } from './serverOptions.ts';

/** `alcove seed`: example records by way of a model service. */
export function addSeed(alcove: Command): void {
  alcove
    .command('seed')
    .description('Fill a library with example records, embedded by a service that speaks as OpenAI does.')
    .addOption(
      new Option('--model-url <url>', 'address of the service (alcove model serve)')
        .env('ALCOVE_MODEL_URL')
        .argParser(httpUrl)
        .default('http://127.0.0.1:4401'),
    )
    .option('--model <name>', 'a model of the service; the first that it lists, if left out')
    .option('--library <name>', 'name of the library; made if it does not exist', 'examples')
    .addOption(urlOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      `${examples(
        ['alcove seed', 'the library "examples", while both below run'],
        ['alcove seed --model handbook --library more', 'by another model'],
      )}
The service: alcove model serve. The server, which asks it, too: ALCOVE_OPENAI_BASE_URL=http://127.0.0.1:4401/v1 alcove serve. A service that wants a key gets ALCOVE_MODEL_API_KEY.`,
    )
    .action(
      guarded(async (options: import('./seed.ts').SeedOptions) => {
        const { seed } = await import('./seed.ts');
        await seed(options);
      }),
    );
}
