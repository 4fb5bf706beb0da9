import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AlcoveError } from '../errors.ts';

/** The optional package that runs sentence-transformers. It and what it brings take some 470 MB, so it is no dependency. */
const PACKAGE = '@huggingface/transformers';
const INSTALL = `npm install --ignore-scripts ${PACKAGE}@4`;

/** A tensor as the package has them: `data` row by row in the shape of `dims`. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/** What is used of a tokenizer. */
export interface Tokenizer {
  (
    texts: string[],
    options: { padding: boolean; truncation: boolean; max_length?: number },
  ): Readonly<Record<string, Tensor>>;
  encode(text: string): readonly number[];
  readonly model_max_length?: number;
}

/** What is used of a model. */
export type Model = (inputs: Readonly<Record<string, Tensor>>) => Promise<Readonly<Record<string, Tensor>>>;

/** What is used of the package, version 4. */
export interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; useFSCache: boolean };
  readonly AutoTokenizer: { from_pretrained(path: string, options: object): Promise<Tokenizer> };
  readonly AutoModel: { from_pretrained(path: string, options: object): Promise<Model> };
}

/**
 * The package: beside Alcove, or else in the node_modules of `folder` (empty: nowhere else). It is told never to fetch
 * anything.
 * @throws AlcoveError EmbedderError with the command that installs it, when it is in neither place or of another version.
 */
export async function loadTransformers(folder: string): Promise<Transformers> {
  const loaded =
    (await importFrom(import.meta.url)) ??
    (folder === '' ? undefined : await importFrom(join(folder, 'package.json')));
  if (loaded === undefined) {
    throw new AlcoveError(
      'EmbedderError',
      `The provider LOCAL needs the package ${PACKAGE}, which is not installed beside Alcove. Install it there by ` +
        `"${INSTALL}", or in another folder and set ALCOVE_TRANSFORMERS_FOLDER to that.`,
      { retryable: false, detail: { got: null, expected: PACKAGE } },
    );
  }
  if (!isTransformers(loaded)) {
    throw new AlcoveError(
      'EmbedderError',
      `The installed ${PACKAGE} is of a version that Alcove does not know; install version 4: "${INSTALL}".`,
      { retryable: false, detail: { got: 'another version', expected: `${PACKAGE} 4` } },
    );
  }
  loaded.env.allowRemoteModels = false;
  loaded.env.allowLocalModels = true;
  loaded.env.useFSCache = false;
  return loaded;
}

/** The package as a program in `place` (a file's address or path) would find it; nothing, if it would not. */
async function importFrom(place: string): Promise<unknown> {
  const path = resolveFrom(place);
  if (path === undefined) return undefined;
  try {
    const loaded: { default?: unknown } = await import(pathToFileURL(path).href);
    return loaded.default ?? loaded;
  } catch (error) {
    throw new AlcoveError('EmbedderError', `The package ${PACKAGE} could not be loaded: ${String(error)}`, {
      retryable: false,
      cause: error,
    });
  }
}

function resolveFrom(place: string): string | undefined {
  try {
    return createRequire(place).resolve(PACKAGE);
  } catch {
    return undefined;
  }
}

function isTransformers(value: unknown): value is Transformers {
  return isObject(value) && isObject(value.env) && isLoader(value.AutoTokenizer) && isLoader(value.AutoModel);
}

function isLoader(value: unknown): boolean {
  return typeof value === 'function' && 'from_pretrained' in value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
