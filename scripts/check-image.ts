/**
 * Looks into the built root of the image, and runs its server there as a container engine would: as its user, read-only
 * but for one volume. `node scripts/check-image.ts ROOT INSPECTED`, called by scripts/check-image.sh.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chownSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { blocksOf } from '../test/docs/Page.ts';
import { ImageRoot, type RunOptions, until } from './ImageRoot.ts';

/** Ports that nothing else of the checks listens on. */
/** Below those that the system gives to outgoing connections. */
const PORT = 14_400;
const START_LIMIT_MS = 60_000;
const USER_ID = 10_001;
/** A server that others can reach wants a key. */
const KEY = randomBytes(32).toString('hex');
const client = { environment: { ALCOVE_URL: `http://127.0.0.1:${PORT}`, ALCOVE_API_KEY: KEY } };

/** What builds and checks have no place where the server runs. */
const UNWANTED = [
  ...['npm', 'npx', 'yarn', 'corepack'].map((name) => `/usr/local/bin/${name}`),
  ...['gcc', 'cc', 'make', 'python3', 'git', 'curl'].map((name) => `/usr/bin/${name}`),
  ...['typescript', 'vitest', 'assemblyscript', '@biomejs', 'knip', 'node', 'playwright-core'].map(
    (name) => `/app/node_modules/${name}`,
  ),
  ...['/app/src', '/app/test', '/app/bench', '/app/scripts', '/app/.git', '/usr/local/include/node'],
];

const [rootPath = '', inspected = ''] = process.argv.slice(2);
const root = new ImageRoot(rootPath, inspected);
const say = (text: string) => process.stdout.write(`check-image: ${text}\n`);

function checkConfig(): void {
  const { User, Labels, Volumes, ExposedPorts, Healthcheck, Entrypoint, StopSignal } = root.config;
  const { version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.equal(User, `${USER_ID}:${USER_ID}`, 'the user, by number');
  assert.equal(Labels['org.opencontainers.image.version'], version);
  assert.equal(Labels['org.opencontainers.image.licenses'], license);
  assert.match(Labels['org.opencontainers.image.revision'] ?? '', /^([0-9a-f]{40}|unknown)$/);
  assert.deepEqual(Object.keys(Volumes), ['/data'], 'one volume');
  assert.ok('4400/tcp' in ExposedPorts, 'the port');
  assert.equal(Healthcheck.Test[0], 'CMD', 'a health check that needs no shell');
  assert.equal(Entrypoint[0], 'tini', 'an init that hands signals on');
  assert.equal(StopSignal ?? 'SIGTERM', 'SIGTERM');
  say(`user ${User}, version ${version}, volume /data`);
}

function checkFiles(): void {
  assert.deepEqual(
    UNWANTED.filter((path) => root.has(path)),
    [],
    'build tools and dev dependencies',
  );
  for (const path of ['/app/dist/main.js', '/app/LICENSE', '/app/schema.graphql', '/app/docs/operations.md'])
    assert.ok(root.has(path), path);
  const below = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      const inner = join(path, entry.name);
      return entry.isDirectory() ? [inner, ...below(inner)] : [inner];
    });
  const foreign = below(join(root.path, 'app')).filter((path) => {
    const { uid, mode } = lstatSync(path);
    return uid !== 0 || ((mode & 0o022) !== 0 && (mode & 0o120_000) !== 0o120_000);
  });
  assert.deepEqual(foreign, [], "the application's files belong to root, and nobody else may write them");
  say('no build tools, no dev dependencies, nothing that the user may write but its volume');
}

/** The root that is read-only here is so in earnest: /tmp is open to every user but for that. */
async function checkReadOnly(): Promise<void> {
  const write = "require('node:fs').writeFileSync('/tmp/written', '')";
  const { status, output } = await root.run({ instead: ['node', '-e', write] });
  assert.notEqual(status, 0, 'writing to the root fails');
  assert.match(output, /EROFS/);
}

/** A server that is there, and what `alcove …` says to it. */
async function serving(
  data: string,
  use: (alcove: (...words: string[]) => Promise<string>) => Promise<void>,
) {
  const environment = {
    ALCOVE_PORT: String(PORT),
    ALCOVE_SAMPLE: 'true',
    ALCOVE_THREADS: '2',
    ALCOVE_ADMIN_KEY: KEY,
  };
  const mounts = [{ source: data, target: '/data' }];
  const server = root.start({ environment, mounts });
  try {
    const health: RunOptions = { instead: root.config.Healthcheck.Test.slice(1), environment };
    let ended = false;
    server.ended.then(() => {
      ended = true;
    });
    await until(
      `the HEALTHCHECK is content; the server said:\n${server.output}`,
      START_LIMIT_MS,
      async () => {
        if (ended) throw new Error(`the server ended:\n${server.output}`);
        return (await root.run(health)).status === 0;
      },
    );
    await until('the sample is there', START_LIMIT_MS, async () => server.output.includes('Three to try'));
    await use(async (...words) => {
      const { status, output } = await root.run({ ...client, command: words });
      assert.equal(status, 0, output);
      return output;
    });
    assert.equal(await server.stop(), 0, `SIGTERM ends it with status 0: ${server.output}`);
    assert.notEqual((await root.run(health)).status, 0, 'the HEALTHCHECK of a server that is gone fails');
  } catch (error) {
    process.stderr.write(server.output);
    throw error;
  } finally {
    server.kill();
  }
}

/** The README's first query, as it stands there. */
async function askAsTheReadme(): Promise<void> {
  const first = blocksOf(readFileSync('README.md', 'utf8')).find(({ language }) => language === 'graphql');
  const response = await fetch(`http://127.0.0.1:${PORT}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ query: first?.text }),
  });
  const answer = await response.text();
  assert.match(answer, /"edges":\[\{"score"/, answer);
  say("the README's first query is answered");
}

checkConfig();
checkFiles();
await checkReadOnly();
const data = mkdtempSync(join(tmpdir(), 'alcove-image-data-'));
chownSync(data, USER_ID, USER_ID);
try {
  await serving(data, async (alcove) => {
    const found = await alcove('search', 'alcove-docs', 'what happens when the process is killed?');
    assert.match(found, /killed/, 'the search finds what it is asked for');
    say('it serves from a read-only root, and finds what it is asked for');
    await askAsTheReadme();
    await alcove('import', 'kept', '/app/CHANGELOG.md');
    const hook = await root.run({
      ...client,
      instead: ['tini', '--', 'node', '/mnt/search-test.mjs'],
      mounts: [{ source: resolve('helm/files'), target: '/mnt', readOnly: true }],
    });
    assert.equal(hook.status, 0, hook.output);
    say(`the chart's test, too: ${hook.output.trim()}`);
  });
  say('SIGTERM stops it with status 0');
  await serving(data, async (alcove) => {
    assert.match(await alcove('search', 'kept', 'changelog versions'), /Versions|version/);
  });
  say('started again on its volume, it has what it had');
} finally {
  rmSync(data, { recursive: true, force: true });
}
