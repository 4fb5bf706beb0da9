/** Takes docs/graphiql.png: GraphiQL in headless Chromium, running its first example on the sample library. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'alcove-screenshot-'));
const environment = { ...process.env, ALCOVE_DATA: folder, ALCOVE_PORT: '0', ALCOVE_LOG: 'silent' };
const server = spawn(process.execPath, [join(root, 'src', 'main.ts'), 'serve', '--sample'], {
  env: environment,
});
try {
  const url = await new Promise<string>((resolve) => {
    let printed = '';
    server.stdout.on('data', (text) => {
      printed += text;
      const address = /GraphiQL\s+(\S+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 1_360, height: 820 } });
  await page.goto(url);
  await page.waitForSelector('.graphiql-execute-button');
  const answer = page.locator('.result-window');
  for (let attempt = 0; attempt < 40 && !(await answer.textContent())?.includes('strategy'); attempt++) {
    await page.click('.graphiql-execute-button');
    await page.waitForTimeout(500);
  }
  await page.screenshot({ path: join(root, 'docs', 'graphiql.png') });
  await browser.close();
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
