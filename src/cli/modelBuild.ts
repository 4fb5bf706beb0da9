import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseConfig } from '../config.ts';
import { FINGERPRINT_MARK, folderName, MODEL_FILES, modelsIn } from '../embedding/modelFolder.ts';
import { AlcoveError } from '../errors.ts';
import { chunkDocument } from '../ingest/chunkDocument.ts';
import { checkFileSize, extractDocument } from '../ingest/extractDocument.ts';
import { DEFAULT_CHUNKING } from '../library/chunkingSettings.ts';
import { type Evaluation, learnModel, type TrainingPhase } from '../training/learnModel.ts';
import { modelCard } from '../training/modelCard.ts';
import { CommandError } from './CommandError.ts';
import { filesAtAll } from './filesAt.ts';
import { ProgressBar } from './ProgressBar.ts';
import type { SourceFile } from './sourceFiles.ts';

export interface ModelBuildOptions {
  readonly corpus: readonly string[];
  readonly name: string;
  readonly dimension: number;
  readonly seed: number;
  /** Whether a model of that name may be replaced. */
  readonly replace?: boolean;
}

/** Learns a model from files and writes it into the folder of models, whole or not at all. Ctrl-C ends it. */
export async function modelBuild(environment: NodeJS.ProcessEnv, options: ModelBuildOptions): Promise<void> {
  const { modelsPath } = parseConfig(environment).models;
  const folder = join(modelsPath, folderName(options.name));
  const known = modelsIn(modelsPath).find(({ name }) => name === options.name);
  if (options.name.includes('/')) throw new CommandError(`${options.name}: a model's own name has no "/"`);
  if (known !== undefined && !(options.replace === true && known.provider === 'TRAINED')) {
    throw new CommandError(
      known.provider === 'TRAINED'
        ? `the model ${options.name} is there; --replace builds it anew, and what its libraries hold has to be embedded again then`
        : `${folder} holds a model from elsewhere; choose another --name`,
    );
  }
  const files = filesAtAll(options.corpus);
  if (files.length === 0) throw new CommandError(`no files that can be read in ${options.corpus.join(', ')}`);

  const started = performance.now();
  const bar = new ProgressBar();
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  const failures: string[] = [];
  const model = await learnModel(passagesOf(files, bar, failures), {
    dimension: options.dimension,
    seed: options.seed,
    signal: interrupted.signal,
    onProgress: (phase, done, total) => bar.update(PHASES[phase], done, total),
  })
    .catch((error: unknown) => {
      if (interrupted.signal.aborted) throw new CommandError('stopped; nothing was written');
      throw error;
    })
    .finally(() => {
      bar.end();
      process.removeListener('SIGINT', onInterrupt);
    });
  for (const failure of failures) process.stderr.write(`alcove: ${failure}\n`);

  const card = modelCard(model, {
    name: options.name,
    seed: options.seed,
    sources: options.corpus,
    files: files.length - failures.length,
    builtAt: new Date(),
    tookMs: performance.now() - started,
  });
  writeModel(modelsPath, folder, { [MODEL_FILES.trained]: model.file, [MODEL_FILES.card]: card });
  process.stdout.write(
    `${options.name}${FINGERPRINT_MARK}${model.fingerprint}: ${model.learned.words.length} words of ${model.corpus.passages} passages, in ${folder}\n${summary(model.evaluation)}`,
  );
}

const PHASES: Readonly<Record<TrainingPhase, string>> = {
  READING: 'reading',
  COUNTING: 'counting',
  FACTORISING: 'factorising',
  SPELLING: 'spelling',
  MEASURING: 'measuring',
};

/** The passages of the files, as a library would have them. A file that cannot be read is named in `failures`. */
async function* passagesOf(
  files: readonly SourceFile[],
  bar: ProgressBar,
  failures: string[],
): AsyncGenerator<string> {
  for (const [done, file] of files.entries()) {
    bar.update(PHASES.READING, done, files.length, file.name);
    try {
      checkFileSize(statSync(file.path).size, { file: basename(file.path) });
      const document = await extractDocument({ bytes: readFileSync(file.path), fileName: file.path });
      for (const { text } of chunkDocument(document, DEFAULT_CHUNKING).chunks) yield text;
    } catch (error) {
      if (!(error instanceof AlcoveError)) throw error;
      failures.push(`${file.name}: ${error.message}`);
    }
  }
  bar.update(PHASES.READING, files.length, files.length);
}

/** Puts a model's folder in its place, so that there is a whole one at any time. */
function writeModel(
  modelsPath: string,
  folder: string,
  files: Readonly<Record<string, Buffer | string>>,
): void {
  const aside = join(modelsPath, `.building-${randomUUID()}`);
  const former = join(modelsPath, `.replaced-${randomUUID()}`);
  mkdirSync(aside, { recursive: true });
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(aside, name), content, { flush: true });
    if (existsSync(folder)) renameSync(folder, former);
    renameSync(aside, folder);
  } finally {
    for (const path of [aside, former]) rmSync(path, { recursive: true, force: true });
  }
}

function summary({ sentences, otherWords }: Evaluation): string {
  const line = (name: string, { trained, builtin }: Evaluation['sentences']) =>
    `  ${name.padEnd(22)} recall@10 ${trained.recall.toFixed(3)} (built-in ${builtin.recall.toFixed(3)})\n`;
  return line('by a sentence', sentences) + line('by other words alone', otherWords);
}
