import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLeftOut, launchBrowser } from '../server/browser.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const QUIETLY = ['--no-audit', '--no-fund', '--loglevel=error'];
const run = promisify(execFile);

/** What `npm pack` makes, installed into an empty folder, as a user has it. Needs dist/ (npm run build). */
let folder: string;
let files: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-package-'));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' }),
  ) as [{ filename: string; files: { path: string }[] }];
  files = packed.files.map(({ path }) => path);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  execFileSync('npm', ['install', ...QUIETLY, join(folder, packed.filename)], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('the package', () => {
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
    expect(files.filter((path) => /^(src|test|scripts|bench|helm|site|\.ci|\.github)\//.test(path))).toEqual(
      [],
    );
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
    const typescript = join(ROOT, 'node_modules', 'typescript');
    const compiler = join(
      typescript,
      JSON.parse(readFileSync(join(typescript, 'package.json'), 'utf8')).bin.tsc,
    );
    const libraries = 'es2024,dom,dom.asynciterable';
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--lib',
      libraries,
    ];
    execFileSync(process.execPath, [compiler, ...options, '--types', '', 'typed.ts'], {
      cwd: folder,
      stdio: 'inherit',
    });
  });
});

describe.each(['24', '26'])('the package on Node %s', (version) => {
  let environment: NodeJS.ProcessEnv;
  beforeAll(() => {
    const runtime = join(folder, `node-${version}`);
    mkdirSync(runtime);
    writeFileSync(join(runtime, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', ...QUIETLY, `node@${version}`], { cwd: runtime });
    const bin = join(runtime, 'node_modules', 'node', 'bin');
    environment = { ...process.env, PATH: `${bin}:${process.env.PATH}`, ALCOVE_DATA: join(runtime, 'data') };
  });

  it('is the Node that runs', async () => {
    const { stdout } = await run('node', ['--version'], { env: environment });
    expect(stdout).toMatch(new RegExp(`^v${version}\\.`));
  });

  it('serves by npx, answers its own command line and the example client, and stops', async () => {
    const server = spawn('npx', ['alcove', 'serve', '--sample', '--port', '0'], {
      cwd: folder,
      env: environment,
      detached: true,
    });
    const ended = once(server, 'close');
    const url = await addressOf(server.stdout, ended);
    const asked = ['alcove', 'search', 'alcove-docs', 'backup', '--url', url];
    const { stdout: found } = await run('npx', asked, { cwd: folder, env: environment });
    expect(found).toContain('Backup and restore');

    const example = readFileSync(join(ROOT, 'examples', 'quickstart.ts'), 'utf8');
    writeFileSync(join(folder, 'quickstart.ts'), example.replace('../src/client/index.ts', 'alcove/client'));
    const { stdout } = await run('node', ['quickstart.ts'], {
      cwd: folder,
      env: { ...environment, ALCOVE_URL: url },
    });
    expect(stdout).toContain('FINISHED SUCCEEDED DONE');
    process.kill(-(server.pid as number), 'SIGINT');
    await ended;
    expect(readdirSync(environment.ALCOVE_DATA as string)).toContain('alcove.db');
  });
});

describe("the package's client", () => {
  const BUNDLE = 'client.js';
  /** Anything but a small part of this would be the server's. */
  const MAX_BUNDLE_BYTES = 80_000;
  let code: string;
  beforeAll(async () => {
    writeFileSync(join(folder, 'entry.js'), `export * from 'alcove/client';`);
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: 'warn',
      build: {
        write: false,
        lib: { entry: join(folder, 'entry.js'), formats: ['es'], fileName: 'client' },
      },
    });
    const { output } = (Array.isArray(result) ? result[0] : result) as {
      readonly output: readonly { readonly code: string; readonly imports: readonly string[] }[];
    };
    expect(output).toHaveLength(1);
    expect(output[0]?.imports).toEqual([]);
    code = output[0]?.code ?? '';
  });

  it('is bundled without anything of the server or of Node', () => {
    expect(code.length).toBeGreaterThan(5_000);
    expect(code.length).toBeLessThan(MAX_BUNDLE_BYTES);
    const foreign = /require\(|["']node:|process\.env|\bBuffer\.|DatabaseSync/.exec(code);
    expect(foreign?.[0]).toBeUndefined();
  });

  it.skipIf(isLeftOut())('writes, searches and follows a job from a page of another origin', async () => {
    const pages = createServer((request, response) => {
      const isCode = request.url === `/${BUNDLE}`;
      response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
      response.end(isCode ? code : '<!doctype html><title>A page</title>');
    });
    const origin = await listening(pages);
    const server = spawn(process.execPath, [join(ROOT, 'dist', 'main.js'), 'serve', '--port', '0'], {
      cwd: folder,
      env: { ...process.env, ALCOVE_DATA: join(folder, 'browser'), ALCOVE_ALLOWED_ORIGINS: origin },
    });
    const ended = once(server, 'close');
    const url = await addressOf(server.stdout, ended);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(origin);
      const told = await page.evaluate(
        `(async () => {
          const { createClient, orThrow } = await import('/${BUNDLE}');
          const client = createClient({ url: '${url}' });
          const library = { name: 'from-a-page' };
          orThrow(await client.createLibrary(library));
          const content = { text: 'The kettle is in the pantry.' };
          orThrow(await client.createDocument({ library, title: 'Kettle', content }));
          const { edges } = orThrow(await client.knnSearch({ library, query: { text: 'kettle' }, k: 1 }));
          const { job } = orThrow(await client.reindex({ library }));
          const states = [];
          for await (const event of client.followJob(job.id)) states.push(event.job.state);
          return { text: edges[0].node.text, last: states.at(-1) };
        })()`,
      );
      expect(told).toEqual({ text: 'The kettle is in the pantry.', last: 'SUCCEEDED' });
    } finally {
      await browser.close();
      server.kill();
      await ended;
      pages.close();
    }
  });
});

/** Where a server that is starting says it can be reached. */
function addressOf(output: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    output.on('data', (text) => {
      printed += text;
      const address = /GraphQL\s+(\S+)\/graphql/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
    ended.then(() => reject(new Error(`the server ended: ${printed}`)));
  });
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
