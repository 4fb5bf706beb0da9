import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient as createSocketClient } from 'graphql-ws';
import { expect } from 'vitest';
import type { Block } from './Page.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** Addresses and folders as pages write them; each page has its own. */
const WRITTEN = { server: '127.0.0.1:4400', model: '127.0.0.1:4401', metrics: '127.0.0.1:9464' };
const WRITTEN_FOLDERS = /(?<![\w.$}/])\/(backups|srv)\b/g;
/** What programs of the documentation may import. */
const PACKAGES = ['graphql-ws', 'ws', 'graphql', 'graphql-request'];
/** How long a block may take, in milliseconds. */
const LIMIT_MS = 120_000;

/**
 * Runs the blocks of one page in their order, as a reader would who types all of it: at a shell with an `alcove` of its own, in a home folder of
 * its own, and against a server with the sample library. `alcove serve` in a block starts the server anew, in the background.
 */
export class PageRunner {
  readonly #folder = mkdtempSync(join(tmpdir(), 'alcove-page-'));
  readonly #ports: typeof WRITTEN;
  readonly #environment: NodeJS.ProcessEnv;
  #programs = 0;
  #job = 'job_none';
  #answer: unknown;

  private constructor(ports: typeof WRITTEN) {
    this.#ports = ports;
    const bin = join(this.#folder, 'bin');
    mkdirSync(bin);
    for (const name of ['alcove', 'npm']) {
      writeFileSync(join(bin, name), readFileSync(join(import.meta.dirname, `${name}.sh`), 'utf8'));
      chmodSync(join(bin, name), 0o755);
    }
    for (const name of ['home', 'run', 'backups', 'srv', 'home/node_modules'])
      mkdirSync(join(this.#folder, name));
    for (const name of PACKAGES)
      symlinkSync(join(ROOT, 'node_modules', name), join(this.#folder, 'home/node_modules', name));
    symlinkSync(ROOT, join(this.#folder, 'home/node_modules/alcove'));
    const portOf = (address: string) => address.split(':')[1] as string;
    this.#environment = {
      ...process.env,
      PATH: `${bin}:${join(ROOT, 'node_modules', 'node', 'bin')}:${process.env.PATH}`,
      HOME: join(this.#folder, 'home'),
      PAGE_REPOSITORY: ROOT,
      PAGE_RUN: join(this.#folder, 'run'),
      ALCOVE_DATA: join(this.#folder, 'data'),
      ALCOVE_THREADS: '1',
      ALCOVE_PORT: portOf(ports.server),
      ALCOVE_URL: `http://${ports.server}`,
      ALCOVE_MODEL_PORT: portOf(ports.model),
      ALCOVE_METRICS_PORT: portOf(ports.metrics),
    };
  }

  /** With a server that serves the sample library. */
  static async start(): Promise<PageRunner> {
    const [server, model, metrics] = await Promise.all([freeAddress(), freeAddress(), freeAddress()]);
    const runner = new PageRunner({ server, model, metrics });
    await runner.#shell('alcove serve --sample', false);
    return runner;
  }

  /** @throws Error with what the block printed or answered, when it fails, or shows no error where it says that it does. */
  async run(block: Block): Promise<void> {
    const { language, text, isEndless, isAnswer } = block;
    if (isAnswer) {
      expect(this.#answer).toMatchObject(anything(JSON.parse(text)) as object);
      return;
    }
    if (language === 'graphql') return this.#operate(block);
    if (language === 'sh') return this.#shell(this.#own(text), isEndless);
    const path = join(this.#folder, 'home', `program-${++this.#programs}.${language}`);
    writeFileSync(path, this.#own(text));
    return this.#shell(`node '${path}'`, isEndless);
  }

  /** Ends what was started in the background, and forgets the folder. */
  close(): void {
    const run = join(this.#folder, 'run');
    for (const name of readdirSync(run).filter((file) => file.endsWith('.pid'))) {
      try {
        process.kill(Number(readFileSync(join(run, name), 'utf8')), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The text with this page's own addresses and folders, and the last job in the place of `job_…`. */
  #own(text: string): string {
    return text
      .replaceAll(WRITTEN.server, this.#ports.server)
      .replaceAll(WRITTEN.model, this.#ports.model)
      .replaceAll(WRITTEN.metrics, this.#ports.metrics)
      .replaceAll('ALCOVE_METRICS_PORT=9464', `ALCOVE_METRICS_PORT=${this.#ports.metrics.split(':')[1]}`)
      .replace(WRITTEN_FOLDERS, `${this.#folder}/$1`)
      .replaceAll('job_…', this.#job);
  }

  /** The first answer to an operation, over WebSocket as GraphiQL asks for it. */
  async #operate({ text, variables, showsError }: Block): Promise<void> {
    // A server that has just begun on a busy machine refuses what would wait.
    const socket = createSocketClient({
      url: `ws://${this.#ports.server}/graphql`,
      shouldRetry: () => true,
    });
    const filled = JSON.parse(JSON.stringify(variables).replaceAll('$job', this.#job)) as Record<
      string,
      unknown
    >;
    const answers = socket.iterate({ query: text, variables: filled });
    const { value } = await answers.next().catch((refused: unknown) => ({ value: refused }));
    await answers.return?.();
    await socket.dispose();
    this.#answer = JSON.parse(JSON.stringify(value));
    const answer = JSON.stringify(value);
    this.#job = /"job_[\w-]+"/.exec(answer)?.[0].slice(1, -1) ?? this.#job;
    const isError = !answer.includes('"data"') || /"errors"|"code":/.test(answer);
    if (isError !== showsError) throw new Error(`answered ${answer.slice(0, 2_000)}`);
  }

  /** Runs a script as a reader's shell does; one that is endless is stopped when it has printed something. */
  async #shell(script: string, isEndless: boolean): Promise<void> {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: join(this.#folder, 'home'),
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let printed = '';
    const timer = setTimeout(() => stop(shell), LIMIT_MS);
    const note = (isOutput: boolean) => (part: Buffer) => {
      printed += part;
      if (isEndless && isOutput) stop(shell);
    };
    shell.stdout.on('data', note(true));
    shell.stderr.on('data', note(false));
    const [status] = (await once(shell, 'exit')) as [number | null];
    clearTimeout(timer);
    if (isEndless ? printed === '' : status !== 0)
      throw new Error(`ended with ${status}:\n${printed.slice(-4_000)}`);
  }
}

/** An answer as a page shows it, with `"…"` for whatever is another one each time. */
function anything(shown: unknown): unknown {
  if (shown === '…') return expect.anything();
  if (Array.isArray(shown)) return shown.map(anything);
  if (typeof shown !== 'object' || shown === null) return shown;
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, anything(value)]));
}

/** Ends a shell and what runs in it. */
function stop(shell: ChildProcess): void {
  if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGTERM');
}

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}
