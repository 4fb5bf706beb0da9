/**
 * Takes the pictures of docs/ in headless Chromium: GraphiQL running its first example on the sample library
 * (graphiql.png), and following a reindex (graphiql-job.png).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { type AlcoveClient, createClient, encodeVector, orThrow } from '../src/client/index.ts';

const ROOT = join(import.meta.dirname, '..');
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const LIBRARY = { name: 'measurements' };
const DIMENSION = 128;
const BATCHES = 40;
const BATCH = 1_000;

/** Presses the button until the answer shows what is expected. */
async function run(page: Page, expected: string): Promise<void> {
  await page.waitForSelector('.graphiql-execute-button');
  const answer = page.locator('.result-window');
  for (let attempt = 0; attempt < 40 && !(await answer.textContent())?.includes(expected); attempt++) {
    await page.click('.graphiql-execute-button');
    await page.waitForTimeout(500);
  }
}

/** A library large enough that its index takes seconds to build. */
async function fill(client: AlcoveClient): Promise<void> {
  orThrow(
    await client.createLibrary({
      ...LIBRARY,
      embedding: { provider: 'EXTERNAL', model: 'random', dimension: DIMENSION, metric: 'EUCLIDEAN' },
      indexSettings: { type: 'FLAT' },
    }),
  );
  const { document } = orThrow(await client.createDocument({ library: LIBRARY, title: 'Measurements' }));
  for (let batch = 0; batch < BATCHES; batch++) {
    const chunks = Array.from({ length: BATCH }, (_, row) => ({
      documentId: document.id,
      text: `measurement ${batch * BATCH + row}`,
      embedding: encodeVector(Float32Array.from({ length: DIMENSION }, Math.random)),
    }));
    orThrow(await client.createChunks({ library: LIBRARY, chunks }));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'alcove-screenshot-'));
const environment = { ...process.env, ALCOVE_DATA: folder, ALCOVE_PORT: '0', ALCOVE_LOG: 'silent' };
const server = spawn(process.execPath, [join(ROOT, 'src', 'main.ts'), 'serve', '--sample'], {
  env: environment,
});
const ended = once(server, 'close');
try {
  const url = await new Promise<string>((resolve, reject) => {
    ended.then(() => reject(new Error('the server ended')));
    let printed = '';
    server.stdout.on('data', (text) => {
      printed += text;
      const address = /GraphiQL\s+(\S+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGS,
  });
  const page = await browser.newPage({ viewport: { width: 1_360, height: 820 } });
  await page.goto(url);
  await run(page, 'strategy');
  await page.screenshot({ path: join(ROOT, 'docs', 'graphiql.png') });

  const client = createClient({ url });
  await fill(client);
  const { job } = orThrow(await client.reindex({ library: LIBRARY, settings: { type: 'HNSW' } }));
  const query = `subscription FollowJob {
  indexJob(id: "${job.id}") {
    kind
    at
    job {
      state
      progress {
        phase done total
        ratePerSecond etaSeconds
        memoryBytes recallSoFar
      }
    }
  }
}`;
  await page.goto(`${url}?${new URLSearchParams({ query })}`);
  await run(page, 'BUILDING');
  await page.screenshot({ path: join(ROOT, 'docs', 'graphiql-job.png') });
  await browser.close();
} finally {
  server.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
