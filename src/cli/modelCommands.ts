import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addFlags, environmentWith, flagOf } from './flags.ts';
import { guarded } from './guarded.ts';
import { wholeNumber } from './optionValues.ts';

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
