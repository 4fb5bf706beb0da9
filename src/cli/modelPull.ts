import { basename } from 'node:path';
import { parseConfig } from '../config.ts';
import { pullModel } from '../embedding/pullModel.ts';
import type { Variant } from '../embedding/sentenceModelFiles.ts';
import { ProgressBar } from './ProgressBar.ts';

const KILOBYTE = 1_000;

export interface ModelPullOptions {
  readonly hub: string;
  readonly revision: string;
  readonly variant: Variant;
  readonly as?: string;
}

/** Fetches a model into the folder of models, with a bar for each file. Ctrl-C stops it; the next pull goes on from there. */
export async function modelPull(
  environment: NodeJS.ProcessEnv,
  name: string,
  options: ModelPullOptions,
): Promise<void> {
  const { modelsPath } = parseConfig(environment).models;
  const bar = new ProgressBar();
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const folder = await pullModel(modelsPath, name, {
      ...options,
      signal: interrupted.signal,
      onProgress: (file, done, total) =>
        bar.update(basename(file), Math.round(done / KILOBYTE), Math.round(total / KILOBYTE), 'kB'),
    });
    bar.end();
    process.stdout.write(`${name} is in ${folder}; libraries use it as provider LOCAL\n`);
  } finally {
    bar.end();
    process.removeListener('SIGINT', onInterrupt);
  }
}
