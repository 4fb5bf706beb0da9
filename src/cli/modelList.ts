import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../config.ts';
import { MODEL_FILES, modelsIn } from '../embedding/modelFolder.ts';
import { CommandError } from './CommandError.ts';

/** Prints the models of the folder, or the card of one. */
export function modelList(environment: NodeJS.ProcessEnv, name?: string): void {
  const { modelsPath } = parseConfig(environment).models;
  const models = modelsIn(modelsPath);
  if (name === undefined) {
    const width = Math.max(0, ...models.map((model) => model.name.length));
    const lines = models.map(
      (model) => `${model.name.padEnd(width)}  ${model.provider.padEnd(7)}  ${megabytes(model.path)}\n`,
    );
    process.stdout.write(lines.length === 0 ? `no models in ${modelsPath}\n` : lines.join(''));
    return;
  }
  const found = models.find((model) => model.name === name);
  if (found === undefined) throw new CommandError(`there is no model ${name} in ${modelsPath}`);
  const card = [MODEL_FILES.card, 'README.md']
    .map((file) => join(found.path, file))
    .find((file) => existsSync(file));
  if (card === undefined) throw new CommandError(`the model ${name} came without a card; see ${found.path}`);
  process.stdout.write(readFileSync(card, 'utf8'));
}

function megabytes(path: string): string {
  const bytes = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
