import { readFileSync } from 'node:fs';

/** The version in package.json, which lies beside src/ in a clone and beside dist/ in the package. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
