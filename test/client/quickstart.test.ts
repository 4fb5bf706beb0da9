import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const QUICKSTART = join(ROOT, 'examples', 'quickstart.ts');
let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-quickstart-'));
  server = await startServer(
    parseConfig({ ALCOVE_PORT: '0', ALCOVE_DATA: folder, ALCOVE_THREADS: '1', ALCOVE_LOG: 'error' }),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('the quickstart', () => {
  it('compiles', async () => {
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const project = join(ROOT, 'examples', 'tsconfig.json');
    await promisify(execFile)(process.execPath, [compiler, '--project', project], { cwd: ROOT });
  });

  it('imports, searches with a filter and follows a job', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [QUICKSTART], {
      env: { ...process.env, ALCOVE_URL: server.url },
    });
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^0\.\d\d {2}Beer: /);
    expect(stdout).not.toContain('Bread');
    expect(lines.at(-1)).toMatch(/^FINISHED SUCCEEDED DONE/);
  });
});
