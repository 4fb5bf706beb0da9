/** Prints docs/configuration.md from the schema of the configuration; `--check` compares instead of writing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../src/cli/configurationPage.ts';

const path = join(import.meta.dirname, '..', 'docs', 'configuration.md');
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== configurationPage()) {
    console.error('docs/configuration.md is stale; run: npm run generate');
    process.exit(1);
  }
} else {
  writeFileSync(path, configurationPage());
}
