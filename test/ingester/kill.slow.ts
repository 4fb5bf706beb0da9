import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve } from '../cli/alcove.ts';

const FILES = 240;
const SECTIONS = 12;
const LIBRARY = { name: 'manual' };

describe('a server that is killed in the middle of an import', () => {
  let folder: string;
  let server: ServerProcess;
  let client: AlcoveClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-kill-'));
    mkdirSync(join(folder, 'manual'));
    for (let at = 0; at < FILES; at++) {
      const sections = Array.from(
        { length: SECTIONS },
        (_, section) =>
          `## Part ${section}\n\nMachine ${at} has a lever of number ${at * SECTIONS + section}. ${'It is oiled each spring. '.repeat(20)}`,
      );
      writeFileSync(
        join(folder, 'manual', `machine-${at}.md`),
        `# Machine ${at}\n\n${sections.join('\n\n')}\n`,
      );
    }
    server = await serve([], { ALCOVE_DATA: join(folder, 'data'), ALCOVE_THREADS: '1' });
    client = createClient({ url: server.url });
  });
  afterAll(async () => {
    await client.close();
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const documents = async () => (await client.library(LIBRARY))?.counts.documents ?? 0;
  const importAll = () => alcove(['import', LIBRARY.name, join(folder, 'manual'), '--url', server.url]);

  it('goes on where it was: every file is one document, and each of its chunks is there once', async () => {
    const importing = importAll();
    while ((await documents()) < 20) await delay(5);
    const atDeath = await documents();
    await server.stop('SIGKILL');
    const port = new URL(server.url).port;
    server = await serve([], { ALCOVE_DATA: join(folder, 'data'), ALCOVE_PORT: port, ALCOVE_THREADS: '1' });
    // It was killed in the middle, and not at the end.
    expect(atDeath).toBeLessThan(FILES);
    const first = await importing;
    expect(first).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^240 of 240 documents are in manual/),
    });
    const { edges } = await client.jobs({ first: 10 });
    expect(edges.map(({ node }) => node.state)).toEqual(edges.map(() => 'SUCCEEDED'));
    expect(Math.max(...edges.map(({ node }) => node.attempt))).toBeGreaterThan(1);

    const again = await importAll();
    expect(again.out).toBe('240 of 240 documents are in manual (240 unchanged)\n');
    const library = await client.library(LIBRARY);
    expect(library?.counts.documents).toBe(FILES);
    const texts = new Set<string>();
    let after: string | undefined;
    do {
      const page = await client.chunks({
        library: LIBRARY,
        first: 1_000,
        ...(after === undefined ? {} : { after }),
      });
      for (const { node } of page?.edges ?? []) texts.add(node.text);
      after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined;
    } while (after !== undefined);
    expect(library?.counts.chunks).toBe(FILES * SECTIONS);
    expect(texts.size).toBe(FILES * SECTIONS);
    await expect.poll(() => readdirSync(join(folder, 'data', 'uploads'))).toEqual([]);
  });
});
