import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFiles } from '../../src/cli/importFiles.ts';
import { filesBelow } from '../../src/cli/sourceFiles.ts';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve, startAlcove } from '../cli/alcove.ts';

describe('an import from the shell', () => {
  let folder: string;
  let server: ServerProcess;
  let client: AlcoveClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-import-'));
    server = await serve([], { ALCOVE_DATA: join(folder, 'data'), ALCOVE_THREADS: '1' });
    client = createClient({ url: server.url });
  });
  afterAll(async () => {
    await client.close();
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const pages = (name: string, count: number, words = 1) => {
    const path = join(folder, name);
    mkdirSync(path);
    for (let at = 0; at < count; at++)
      writeFileSync(join(path, `page-${at}.md`), `# Page ${at}\n\n${'A lever is red. '.repeat(words)}`);
    return path;
  };
  const jobs = async () => (await client.jobs({ first: 100 })).edges.map(({ node }) => node);

  it('uploads nothing that is unchanged, and what has changed alone', async () => {
    const path = pages('manual', 7);
    const importAll = () => alcove(['import', 'manual', path, '--url', server.url]);
    const first = await importAll();
    expect(first.out).toBe('7 of 7 documents are in manual\n');
    const before = await jobs();
    const again = await importAll();
    expect(again.out).toBe('7 of 7 documents are in manual (7 unchanged)\n');
    expect(again.error).toContain('importing 100 % (7/7)');
    expect(first.error).toMatch(/importing 100 % \(7\/7\) [\d.]+ files\/s {2}0 s left {2}7 chunks/);
    expect(await jobs()).toHaveLength(before.length);
    writeFileSync(join(path, 'page-3.md'), '# Page 3\n\nThe lever is green now.\n');
    expect((await importAll()).out).toBe('7 of 7 documents are in manual (6 unchanged)\n');
    expect((await jobs())[0]).toMatchObject({ counts: { files: 1, written: 1 } });
  });

  it('names a file that has vanished since the folder was listed, and takes the others', async () => {
    const path = pages('vanishing', 3);
    const files = filesBelow(path);
    rmSync(join(path, 'page-1.md'));
    orThrow(await client.createLibrary({ name: 'vanishing' }));
    const report = await importFiles(client, 'vanishing', files);
    expect(report).toMatchObject({ documents: 2, unchanged: 0, problems: [] });
    expect(report.failures).toEqual([
      { name: 'vanishing/page-1.md', message: expect.stringContaining('ENOENT') },
    ]);
  });

  it('is ended by Ctrl-C: what was sent goes in, and the next run brings the rest', async () => {
    const path = pages('large', 450, 400);
    const importing = startAlcove(['import', 'large', path, '--url', server.url], {});
    let said = '';
    importing.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = once(importing, 'close');
    while (!/importing [1-9]\d* %/.test(said)) await delay(10);
    importing.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(said).toMatch(/alcove: (job_\w+(, )?)+ will go on; run the command again for the rest\n$/);

    const again = await alcove(['import', 'large', path, '--url', server.url]);
    expect(again).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^450 of 450 documents are in large/),
    });
    expect((await client.library({ name: 'large' }))?.counts.documents).toBe(450);
  });
});
