import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** What `npm pack` makes, installed into an empty folder, as a user has it. Needs dist/ (npm run build). */
describe('the package', () => {
  let folder: string;
  let files: string[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-package-'));
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' }),
    ) as [{ filename: string; files: { path: string }[] }];
    files = packed.files.map(({ path }) => path);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    execFileSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--loglevel=error', join(folder, packed.filename)],
      {
        cwd: folder,
      },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what users need and nothing of the workshop', () => {
    for (const path of [
      'dist/main.js',
      'dist/kernel/kernel.wasm',
      'dist/kernel/kernel-plain.wasm',
      'dist/client/index.d.ts',
      'schema.graphql',
      'LICENSE',
    ]) {
      expect(files).toContain(path);
    }
    expect(files.filter((path) => /^(src|test|scripts|bench|\.ci)\//.test(path))).toEqual([]);
  });

  it('serves, answers its own command line and its own client, and stops', async () => {
    const command = join(folder, 'node_modules', 'alcove', 'dist', 'main.js');
    const server = spawn(process.execPath, [command, 'serve', '--sample', '--port', '0'], { cwd: folder });
    const url = await new Promise<string>((resolve, reject) => {
      let printed = '';
      server.stdout.on('data', (text) => {
        printed += text;
        const address = /GraphQL\s+(\S+)\/graphql/.exec(printed)?.[1];
        if (address !== undefined) resolve(address);
      });
      server.once('close', () => reject(new Error('the server ended')));
    });
    const found = execFileSync(process.execPath, [command, 'search', 'alcove-docs', 'backup', '--url', url], {
      encoding: 'utf8',
    });
    expect(found).toContain('Backup and restore');

    writeFileSync(
      join(folder, 'program.js'),
      `import { createClient, orThrow } from 'alcove/client';
       const client = createClient({ url: process.argv[2] });
       const answer = orThrow(await client.knnSearch({ library: { name: 'alcove-docs' }, query: { text: 'recall' }, k: 1 }));
       console.log(answer.edges.length);`,
    );
    expect(execFileSync(process.execPath, ['program.js', url], { cwd: folder, encoding: 'utf8' })).toBe(
      '1\n',
    );
    server.kill();
    expect(await once(server, 'close')).toEqual([0, null]);
  });

  it('types programs that use its client', () => {
    writeFileSync(
      join(folder, 'typed.ts'),
      `import { createClient, isError } from 'alcove/client';
       const payload = await createClient({ url: 'http://127.0.0.1' }).createLibrary({ name: 'n' });
       export const name: string = isError(payload) ? payload.message : payload.library.name;
       // @ts-expect-error: k is a number
       createClient({ url: '' }).knnSearch({ library: { name: 'n' }, query: { text: 't' }, k: 'three' });`,
    );
    const compiler = join(
      ROOT,
      'node_modules',
      'typescript',
      JSON.parse(readFileSync(join(ROOT, 'node_modules', 'typescript', 'package.json'), 'utf8')).bin.tsc,
    );
    execFileSync(
      process.execPath,
      [
        compiler,
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2024',
        '--lib',
        'es2024,dom,dom.asynciterable',
        '--types',
        '',
        'typed.ts',
      ],
      { cwd: folder, stdio: 'inherit' },
    );
  });
});
