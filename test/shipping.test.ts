import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { refuseUnknownVariables } from '../src/cli/unknownVariables.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'alcove-shipping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The names that a text has, each once, in their order. */
function names(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name as string))].sort();
}

describe('.env.example', () => {
  const example = read('.env.example');

  it('has every variable that docker-compose.yml takes from the environment, and no other', () => {
    const taken = names(read('docker-compose.yml'), /\$\{(\w+)/g);
    expect(names(example, /^(\w+)=/gm)).toEqual(taken);
  });

  it('explains each line', () => {
    const paragraphs = example.trim().split('\n\n').slice(1);
    for (const paragraph of paragraphs) expect(paragraph).toMatch(/^(# .+\n)+\w+=\S*$/);
  });

  it('holds no secret; make-env.sh puts a fresh one into each, for the owner alone, and overwrites nothing', () => {
    expect(names(example, /^(\w+(?:_KEY|_PASSWORD))=.+/gm)).toEqual([]);
    const make = (path: string) =>
      execFileSync('sh', [join(ROOT, 'scripts', 'make-env.sh'), path], { stdio: 'pipe', encoding: 'utf8' });
    const [one, other] = ['one', 'other'].map((name) => {
      make(join(folder, name));
      return readFileSync(join(folder, name), 'utf8');
    });
    const secrets = [...`${one}${other}`.matchAll(/^\w+(?:_KEY|_PASSWORD)=(\w{64})$/gm)].map(
      ([, key]) => key,
    );
    expect(new Set(secrets).size).toBe(6);
    expect(statSync(join(folder, 'one')).mode & 0o777).toBe(0o600);
    expect(() => make(join(folder, 'one'))).toThrow(/is there already/);
  });
});

describe('what is shipped', () => {
  it('sets only variables that the server knows', () => {
    const set = [
      ...names(read('Dockerfile'), /^\s*(?:ENV )?(ALCOVE_\w+)=/gm),
      ...names(read('docker-compose.yml'), /^\s+(ALCOVE_\w+):/gm),
      ...names(read('helm/templates/configmap.yaml'), /^\s+(ALCOVE_\w+):/gm),
      ...names(read('helm/templates/statefulset.yaml'), /name: (ALCOVE_\w+)$/gm),
    ];
    expect(set.length).toBeGreaterThan(20);
    expect(() => refuseUnknownVariables(Object.fromEntries(set.map((name) => [name, 'x'])))).not.toThrow();
  });

  it('is of one version, which a tag has to be of', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(read('helm/Chart.yaml')).toContain(`\nversion: ${version}\nappVersion: "${version}"\n`);
    expect(read('Dockerfile')).toContain(`ARG VERSION=${version}\n`);
    expect(read('docker-compose.yml')).toContain(`alcove:${version}}`);
    expect(read('.env.example')).toContain(`ALCOVE_IMAGE=alcove:${version}\n`);
    const tag = (name: string) =>
      execFileSync('sh', [join(ROOT, 'scripts', 'release-version.sh'), name], { stdio: 'pipe' });
    expect(() => tag('v99.0.0')).toThrow(/package.json does not say/);
  });

  it('pins the Node that the checks run on', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(read('Dockerfile')).toContain(`/node:${devDependencies.node}-trixie-slim\n`);
  });
});

describe('the heaps of glibc, which would keep what is freed', () => {
  const settings = (text: string, pattern: RegExp) =>
    new Map([...text.matchAll(pattern)].map(([, name, value]) => [name, value]));

  it('are limited in the same way by npm start, by the image and by the page for operators', () => {
    const ours = settings(read('scripts/run.mjs'), /^process\.env\.(MALLOC_\w+) \|\|= '(\d+)';$/gm);
    expect([...ours.keys()]).toEqual(['MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_']);
    expect(settings(read('Dockerfile'), /\b(MALLOC_\w+)=(\d+)/g)).toEqual(ours);
    expect(settings(read('docs/operations.md'), /^(MALLOC_\w+)=(\d+)$/gm)).toEqual(ours);
  });
});
