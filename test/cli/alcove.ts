import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

export interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs `alcove …` to its end, as a person at a shell would. */
export async function alcove(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Finished> {
  const child = startAlcove(args, environment);
  const output = collect(child);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...output };
}

/** A server in a process and a data folder of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly dataPath: string;
  readonly output: { readonly out: string; readonly error: string };
  readonly process: ChildProcess;
  /** Sends the signal and waits for the end. Returns the exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `alcove serve`, with one thread unless told otherwise, and waits until it says where it serves. */
export async function serve(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const dataPath = environment.ALCOVE_DATA ?? mkdtempSync(join(tmpdir(), 'alcove-cli-'));
  const defaults = { ALCOVE_DATA: dataPath, ALCOVE_PORT: '0', ALCOVE_THREADS: '1' };
  const child = startAlcove(['serve', ...args], { ...defaults, ...environment });
  const output = collect(child);
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const address = /GraphQL\s+(\S+)\/graphql/.exec(output.out)?.[1];
      if (address !== undefined && output.out.endsWith('\n\n')) resolve(address);
    });
    ended.then(() => reject(new Error(`the server ended: ${output.error}`)));
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const [status] = (await ended) as [number | null];
    return status;
  };
  return { url, dataPath, output, process: child, stop };
}

/** Starts `alcove …` and leaves it running. */
export function startAlcove(args: readonly string[], environment: Record<string, string>): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ALCOVE_'));
  return spawn(process.execPath, [MAIN, ...args], {
    env: { ...Object.fromEntries(inherited), ALCOVE_LOG: 'silent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collect(child: ChildProcess): { out: string; error: string } {
  const output = { out: '', error: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.error += text;
  });
  return output;
}
