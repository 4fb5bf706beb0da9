import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PACKAGE = join('node_modules', '@huggingface', 'transformers', 'package.json');

/**
 * Where the optional package is that runs sentence-transformers: the folder of ALCOVE_TRANSFORMERS_FOLDER, or beside
 * Alcove. Undefined where it is in neither.
 */
export function transformersFolder(): string | undefined {
  const root = resolve(import.meta.dirname, '..', '..');
  const folders = [process.env.ALCOVE_TRANSFORMERS_FOLDER ?? '', root].filter((folder) => folder !== '');
  return folders.find((folder) => existsSync(join(folder, PACKAGE)));
}

/** Says on the terminal what was not tested, and why. @throws Error where nothing may be left out, as in CI. */
export function sayThatTransformersIsAbsent(suite: string): void {
  const text = `${suite} was not tested: @huggingface/transformers is not installed (npm install --no-save --ignore-scripts --prefix FOLDER @huggingface/transformers@4, then ALCOVE_TRANSFORMERS_FOLDER=FOLDER)`;
  if (process.env.ALCOVE_REQUIRE_TRANSFORMERS === '1') throw new Error(text);
  process.stderr.write(`\n!!! ${text}\n\n`);
}
