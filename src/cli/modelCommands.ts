import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import { addFlags, environmentWith, flagOf } from './flags.ts';
import { guarded } from './guarded.ts';
import { httpUrl, wholeNumber } from './optionValues.ts';

/** Numbers in a vector of a model that is built, if nobody says. */
const DEFAULT_DIMENSION = 384;

const MODELS_FLAG = [flagOf('ALCOVE_MODELS')];

/** `alcove model …`: what makes, fetches, lists and serves models for embeddings. */
export function addModel(alcove: Command): void {
  const model = alcove
    .command('model')
    .description('Make, fetch, list and serve models that turn text into vectors.');
  addBuild(model);
  addList(model);
  addPull(model);
  addServe(model);
}

function addBuild(model: Command): void {
  const build = model
    .command('build')
    .description('Learn a model from texts of your own; libraries use it as provider TRAINED.')
    .requiredOption('--corpus <paths...>', 'files, or folders to walk, to learn from')
    .option('--name <name>', 'what to call it', 'own')
    .option('--dimension <number>', 'numbers in a vector', wholeNumber, DEFAULT_DIMENSION)
    .option('--seed <number>', 'the same corpus and seed make the same model', wholeNumber, 1)
    .option('--replace', 'replace a model of that name')
    .addHelpText(
      'after',
      examples(
        ['alcove model build --corpus ~/notes', 'the model "own", in model_artifacts/own'],
        ['alcove model build --corpus handbook/ wiki/ --name handbook', 'from several folders'],
        ['alcove model build --corpus ~/notes --dimension 768 --replace', 'a larger one in its place'],
      ),
    );
  addFlags(build, MODELS_FLAG).action(
    guarded(async (options: import('./modelBuild.ts').ModelBuildOptions & { models?: string }) => {
      const { modelBuild } = await import('./modelBuild.ts');
      await modelBuild(environmentWith({ models: options.models }), options);
    }),
  );
}

function addList(model: Command): void {
  const list = model
    .command('list')
    .description('List the models that are there; with a name, show its card.')
    .argument('[name]', 'a model')
    .addHelpText(
      'after',
      examples(
        ['alcove model list', 'names, providers and sizes'],
        ['alcove model list handbook', 'its card'],
      ),
    );
  addFlags(list, MODELS_FLAG).action(
    guarded(async (name: string | undefined, options: { models?: string }) => {
      const { modelList } = await import('./modelList.ts');
      modelList(environmentWith(options), name);
    }),
  );
}

function addPull(model: Command): void {
  const pull = model
    .command('pull')
    .description('Fetch a sentence-transformer in ONNX from a hub; libraries use it as provider LOCAL.')
    .argument('<name>', 'all-MiniLM-L6-v2, all-MiniLM-L12-v2, or owner/name of any model for embeddings')
    .addOption(
      new Option('--hub <url>', 'where to fetch it from')
        .env('ALCOVE_HUB_URL')
        .argParser(httpUrl)
        .default('https://huggingface.co'),
    )
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .addOption(
      new Option('--variant <name>', 'numbers as the model has them: fp32, or smaller ones')
        .choices(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'])
        .default('fp32'),
    )
    .option('--as <name>', "what to call it; the name's last part, if left out")
    .addHelpText(
      'after',
      examples(
        ['alcove model pull all-MiniLM-L6-v2', 'English, 90 MB, 384 dimensions'],
        ['alcove model pull intfloat/multilingual-e5-small --variant q8', 'many languages, smaller numbers'],
        ['alcove model pull all-MiniLM-L6-v2 --hub http://mirror.example', 'from a mirror'],
      ),
    );
  addFlags(pull, MODELS_FLAG).action(
    guarded(
      async (name: string, options: import('./modelPull.ts').ModelPullOptions & { models?: string }) => {
        const { modelPull } = await import('./modelPull.ts');
        await modelPull(environmentWith({ models: options.models }), name, options);
      },
    ),
  );
}

function addServe(model: Command): void {
  const serve = model
    .command('serve')
    .description("Serve models as OpenAI's POST /v1/embeddings does; Ctrl-C stops it cleanly.")
    .option('--model <names...>', 'models to serve; all that are there, and the built-in one, if left out')
    .addOption(
      new Option('--host <address>', 'address to listen on').env('ALCOVE_MODEL_HOST').default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <number>', 'port to listen on; 0 picks a free one')
        .env('ALCOVE_MODEL_PORT')
        .argParser(wholeNumber)
        .default(4401),
    )
    .addHelpText(
      'after',
      `${examples(
        ['alcove model serve', 'everything in model_artifacts, on 127.0.0.1:4401'],
        ['alcove model serve --model handbook --port 8080', 'one model'],
        [
          'ALCOVE_MODEL_API_KEY=… alcove model serve --host 0.0.0.0',
          'for other machines, which need the key',
        ],
      )}
A server uses it by ALCOVE_OPENAI_BASE_URL=http://127.0.0.1:4401/v1 and the provider OPENAI.`,
    );
  addFlags(
    serve,
    [
      'ALCOVE_MODELS',
      'ALCOVE_ONNX_THREADS',
      'ALCOVE_TRANSFORMERS_FOLDER',
      'ALCOVE_MAX_BODY_BYTES',
      'ALCOVE_LOG',
    ].map(flagOf),
  ).action(
    guarded(
      async ({ model: names, host, port, ...flags }: { model?: string[]; host: string; port: number }) => {
        const { modelServe } = await import('./modelServe.ts');
        await modelServe(environmentWith(flags), { names: names ?? [], host, port });
      },
    ),
  );
}
