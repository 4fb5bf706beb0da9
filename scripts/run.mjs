#!/usr/bin/env node
/**
 * Behind every npm script: does what is missing of the set-up (dependencies, the pinned Node, the WebAssembly kernel),
 * says so, and runs the command on the pinned Node. Plain JavaScript, because it must run on Node 20 before anything
 * is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampPath = join(modules, '.alcove-installed');
const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const say = (text) => process.stderr.write(`alcove: ${text}\n`);
const fail = (text) => {
  say(text);
  process.exit(1);
};

/** Runs to the end; a failure ends this process with the same status. */
function run(command, args, environment = {}, folder = root) {
  const { status, error, signal } = spawnSync(command, args, {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (error) fail(`cannot run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0));
}

/** The same npm that started us, or the one on the PATH. */
function npm(args, folder = root) {
  const self = process.env.npm_execpath;
  if (self?.endsWith('.js')) run(process.execPath, [self, ...args], {}, folder);
  else run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {}, folder);
}

function installDependencies() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  say('installing dependencies (npm install); this is done once');
  // Not `npm ci`: it refuses a lock file in which a platform's optional package is absent, as registries that mirror
  // only a part leave it. The versions are those of the lock file all the same, and nothing is written back to it.
  npm(['install', '--no-save', '--loglevel=error', '--no-audit', '--no-fund']);
  writeFileSync(stampPath, stamp);
}

/** What bench/ measures of Alcove alone. */
const BENCHES_WITHOUT_PEERS = [
  'batch',
  'import',
  'markdown',
  'vectors',
  'report',
  'soak',
  'subscribers',
  'way-in',
];

/** Installs what a package of its own beside Alcove needs (bench/, site/), if its lock file has changed since. */
function installBeside(name, what) {
  const folder = join(root, name);
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  const path = join(folder, 'node_modules', '.alcove-installed');
  if (existsSync(path) && readFileSync(path, 'utf8') === stamp) return;
  say(`installing ${what} (npm install in ${name}/); this is done once`);
  npm(['install', '--no-save', '--loglevel=error', '--no-audit', '--no-fund'], folder);
  writeFileSync(path, stamp);
}

/** Whether the Node that runs this can run Alcove, too. */
function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 15);
}

/**
 * The Node that everything runs on: the pinned one, or with USE_THIS_NODE=1 the one that runs this. Where install scripts are
 * off, the package's own one is run here.
 */
function findNode() {
  if (process.env.USE_THIS_NODE === '1' && isNewEnough()) return process.execPath;
  const works = () => existsSync(pinnedNode) && spawnSync(pinnedNode, ['--version']).status === 0;
  if (works()) return pinnedNode;
  const script = join(modules, 'node', 'installArchSpecificPackage.js');
  if (existsSync(script)) {
    say('fetching the pinned Node from the npm registry');
    spawnSync(process.execPath, [script], { cwd: join(modules, 'node'), stdio: 'inherit' });
    if (works()) return pinnedNode;
  }
  if (isNewEnough()) return process.execPath;
  return fail(
    `no pinned Node for ${process.platform}-${process.arch}, and Node ${process.versions.node} is too old; install Node 24.15 or newer`,
  );
}

async function buildKernel() {
  const { buildKernel: build } = await import('./build-kernel.mjs');
  const done = await build();
  if (!done.endsWith('up to date')) say(done);
}

/** Emits dist/: JavaScript, the client's declarations, and the kernel. */
function build(node) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  for (const project of ['tsconfig.build.json', 'tsconfig.client.json'])
    run(node, [bin('typescript', 'tsc'), '-p', project]);
  mkdirSync(join(root, 'dist', 'kernel'), { recursive: true });
  for (const kernel of ['kernel.wasm', 'kernel-plain.wasm'])
    cpSync(join(root, 'src', 'kernel', kernel), join(root, 'dist', 'kernel', kernel));
}

/** The script that a package's command runs. */
function bin(packageName, command) {
  const manifest = JSON.parse(readFileSync(join(modules, packageName, 'package.json'), 'utf8'));
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command];
  return join(modules, packageName, path);
}

/** Hands the terminal over, and its status is ours. Ctrl-C reaches the child from the terminal itself. */
function become(node, args, environment = {}) {
  const child = spawn(node, args, {
    cwd: process.env.INIT_CWD ?? root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

const main = join(root, 'src', 'main.ts');
const commands = {
  start: (node, args) =>
    become(node, [main, 'serve', ...args], { ALCOVE_SAMPLE: process.env.ALCOVE_SAMPLE || 'true' }),
  alcove: (node, args) => become(node, [main, ...args]),
  test: (node, args) => run(node, [bin('vitest', 'vitest'), 'run', ...args]),
  'test:slow': (node, args) =>
    run(node, [bin('vitest', 'vitest'), 'run', '--config', 'vitest.slow.config.ts', ...args]),
  check: (node) => {
    run(node, [bin('typescript', 'tsc'), '-p', '.']);
    run(node, [bin('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '.']);
    run(node, [bin('knip', 'knip')]);
    run(node, [bin('eslint', 'eslint'), 'schema.graphql']);
  },
  build: (node) => build(node),
  bench: (node, args) => {
    // What cannot be had of it is left out: a bench says which peer is absent and goes on without it.
    if (!BENCHES_WITHOUT_PEERS.includes(args[0]) && !args.join(' ').includes('--peers none'))
      installBeside('bench', 'what bench/ compares with, some 250 MB');
    become(node, ['--expose-gc', join(root, 'bench', 'main.ts'), ...args]);
  },
  docs: (node, args) => {
    installBeside('site', 'what makes a site of the documentation, some 100 MB');
    const vitepress = join(root, 'site', 'node_modules', 'vitepress', 'bin', 'vitepress.js');
    run(node, [vitepress, args[0] ?? 'build', join(root, 'site'), ...args.slice(1)]);
  },
  fuzz: (node, args) => become(node, [join(root, 'test', 'fuzz', 'main.ts'), ...args]),
  drills: (node, args) => become(node, [join(root, 'scripts', 'drills.ts'), ...args]),
  kernel: () => {},
  generate: (node) => {
    run(node, [join(root, 'scripts', 'print-schema.ts')]);
    run(node, [bin('@graphql-codegen/cli', 'graphql-codegen'), '--config', 'codegen.ts']);
    run(node, [join(root, 'scripts', 'print-configuration.ts')]);
  },
};

/** Keeps what Node makes of the sources (types stripped, compiled), so that the next process or thread starts in two thirds of the time. */
process.env.NODE_COMPILE_CACHE ||= join(modules, '.cache', 'node-compile');

/**
 * For glibc, which musl, macOS and Windows do not have: two heaps for all threads in place of eight a core, and buffers of a MiB or
 * more mapped by themselves, so that what is freed goes back to the system. Without, what a process holds grows for hours.
 */
process.env.MALLOC_ARENA_MAX ||= '2';
process.env.MALLOC_MMAP_THRESHOLD_ ||= '1048576';

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name))
  fail(`unknown command ${name}; expected one of ${Object.keys(commands).join(', ')}`);
installDependencies();
const node = findNode();
await buildKernel();
commands[name](node, args);
