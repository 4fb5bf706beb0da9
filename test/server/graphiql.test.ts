import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { EXAMPLE_OPERATIONS } from '../../src/server/exampleOperations.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';
import { isLeftOut, launchBrowser } from './browser.ts';

describe.skipIf(isLeftOut())('the pages, in a browser without a network', () => {
  let folder: string;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  const outside: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-graphiql-'));
    server = await startServer(
      parseConfig({
        ALCOVE_PORT: '0',
        ALCOVE_DATA: join(folder, 'data'),
        ALCOVE_THREADS: '1',
        ALCOVE_LOG: 'error',
      }),
    );
    const alcove = createClient({ url: server.url });
    const library = { name: 'alcove-docs' };
    orThrow(await alcove.createLibrary(library));
    orThrow(
      await alcove.createDocument({
        library,
        title: 'Search',
        content: { text: 'A filtered search stays exact by scanning.' },
      }),
    );
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.route('**/*', (route) => {
      const url = route.request().url();
      if (url.startsWith(server.url) || /^(blob|data):/.test(url)) return route.continue();
      outside.push(url);
      return route.abort();
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  /** GraphiQL learns which operation a tab holds a moment after it is opened: presses the button until it has. */
  const runTab = async (name: string, expected: string) => {
    const tab = page.locator(`[role=tab]:has-text("${name}")`);
    await expect
      .poll(
        async () => {
          await tab.locator('button').first().click();
          await page.click('.graphiql-execute-button');
          return answer();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toContain(expected);
  };
  const answer = async () => (await page.textContent('.result-window'))?.replaceAll('\u00a0', ' ') ?? '';

  it('the landing page leads to GraphiQL', async () => {
    await page.goto(server.url);
    await page.click('a:has-text("GraphiQL")');
    await page.waitForSelector('.graphiql-execute-button');
    expect(page.url()).toBe(`${server.url}/graphql`);
  });

  it('GraphiQL opens with the examples and runs the first', async () => {
    expect(await page.locator('[role=tab]').count()).toBe(EXAMPLE_OPERATIONS.length);
    await runTab('SearchByText', 'stays exact');
  });

  it('a reindex is started and followed to its end over WebSocket', async () => {
    await runTab('Reindex', 'job_');
    await runTab('FollowJobs', 'SUCCEEDED');
  });

  it('nothing was asked of the network, and nothing broke', () => {
    expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
  });
});
