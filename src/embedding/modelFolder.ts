import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AlcoveError } from '../errors.ts';

/** What a folder of models holds, a folder to each; docs/models.md lists it. */
export const MODEL_FILES = {
  /** A model of our own: see modelFile.ts. */
  trained: 'model.alcove',
  /** What a person wants to know of a model of our own. */
  card: 'MODEL_CARD.md',
  /** What {@link PulledModel} says of a model that came from a hub. */
  pulled: 'pulled.json',
  /** A sentence-transformer's architecture; with a tokenizer and ONNX files beside it, as a hub lays them out. */
  config: 'config.json',
  tokenizer: 'tokenizer.json',
} as const;

/** A folder's name, and the parts of a hub's `owner/name`: nothing that could step out of the folder of models. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
/** Characters that a trained model's fingerprint adds to its name: `handbook@1f0c9a7b`. */
export const FINGERPRINT_MARK = '@';

/** A model that lies in the folder of models. */
export interface FoundModel {
  readonly name: string;
  readonly provider: 'TRAINED' | 'LOCAL';
  /** Absolute path of its folder. */
  readonly path: string;
}

/** The models of a folder, by name. There may be none, and no folder. */
export function modelsIn(modelsPath: string): FoundModel[] {
  if (!existsSync(modelsPath)) return [];
  return readdirSync(modelsPath)
    .filter((name) => NAME.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(modelsPath, name);
      const provider = kindOf(path);
      return provider === undefined ? [] : [{ name, provider, path }];
    });
}

/**
 * The folder of a model: beside its name the name of a hub's model is taken, of which the last part is the folder's.
 * @throws AlcoveError InvalidArgumentError when the name cannot be a model's, or no such model is in the folder.
 */
export function modelPath(modelsPath: string, name: string, provider: FoundModel['provider']): string {
  const path = join(modelsPath, folderName(name));
  if (kindOf(path) === provider) return path;
  const there = modelsIn(modelsPath).filter((model) => model.provider === provider);
  const known =
    there.length === 0 ? 'there is none' : `there is ${there.map((model) => model.name).join(', ')}`;
  const remedy =
    provider === 'TRAINED' ? 'alcove model build makes one' : `alcove model pull ${name} fetches it`;
  throw new AlcoveError(
    'InvalidArgumentError',
    `The provider ${provider} has no model ${JSON.stringify(name)} in its folder ${basename(modelsPath)}: ${known}; ${remedy}.`,
    { path: ['model'], detail: { got: name, expected: there.map((model) => model.name).join(', ') } },
  );
}

/**
 * The name of a model's folder: `all-MiniLM-L6-v2` of `sentence-transformers/all-MiniLM-L6-v2`.
 * @throws AlcoveError InvalidArgumentError when it could be anything but a folder in the folder of models.
 */
export function folderName(name: string): string {
  const parts = name.split('/');
  const last = parts.at(-1) as string;
  if (parts.length <= 2 && parts.every((part) => NAME.test(part))) return last;
  throw new AlcoveError(
    'InvalidArgumentError',
    `${JSON.stringify(name)} cannot be a model's name: expected letters, digits, ".", "_" and "-", up to 96, with the owner and "/" before it or not.`,
    { path: ['model'], detail: { got: name, expected: 'a name such as all-MiniLM-L6-v2' } },
  );
}

function kindOf(path: string): FoundModel['provider'] | undefined {
  const has = (file: string) => statSync(join(path, file), { throwIfNoEntry: false })?.isFile() ?? false;
  if (has(MODEL_FILES.trained)) return 'TRAINED';
  return has(MODEL_FILES.config) && has(MODEL_FILES.tokenizer) ? 'LOCAL' : undefined;
}
