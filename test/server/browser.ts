import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the browser is required (.ci/run), a missing one is a failure; elsewhere the tests are left out, and it is said. */
export function isLeftOut(): boolean {
  if (CHROMIUM !== undefined || process.env.ALCOVE_REQUIRE_BROWSER !== undefined) return false;
  console.warn('No Chromium in /usr/bin: the tests of pages in a browser are LEFT OUT.');
  return true;
}

/** The machine's own Chromium, which asks nothing of the network by itself. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: QUIET });
}
