import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** What an image says of the containers that are made of it, as far as it is used here. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly StopSignal?: string;
  readonly Volumes: Readonly<Record<string, object>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** A folder of this machine that a process finds in its root. */
export interface Mount {
  readonly source: string;
  /** `/data` */
  readonly target: string;
  readonly readOnly?: boolean;
}

export interface RunOptions {
  /** What takes the place of the image's CMD. */
  readonly command?: readonly string[];
  /** What takes the place of ENTRYPOINT and CMD, as a health check's command does. */
  readonly instead?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mount[];
}

export interface Finished {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Runs in a mount and a process namespace of its own, whose root is read-only but for the mounts; $1 is the root, $2 the user,
 * $3 the folder, $4 how many mounts follow as source, target and mode, then `NAME=value` … and the command.
 */
const ENTER = `
set -e
root=$1 user=$2 folder=$3 mounts=$4; shift 4
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
while [ "$mounts" -gt 0 ]; do
  mount --bind "$1" "$root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
  shift 3; mounts=$((mounts - 1))
done
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
exec chroot --userspec="$user" "$root" env -i --chdir="$folder" "$@"
`;

/** The root of an image on this machine, in which its processes run as a container engine would run them, on this machine's network. */
export class ImageRoot {
  readonly path: string;
  readonly config: ImageConfig;

  /** @param inspected what `buildah inspect --type image` printed, as a file. */
  constructor(path: string, inspected: string) {
    this.path = path;
    this.config = JSON.parse(readFileSync(inspected, 'utf8')).Docker.config;
  }

  /** Whether a path of the image is there. */
  has(path: string): boolean {
    return existsSync(`${this.path}${path}`);
  }

  /** Starts a process; its standard output and error are kept together. */
  start({ command, instead, environment = {}, mounts = [] }: RunOptions = {}): ImageProcess {
    const { User, Env, Entrypoint, Cmd, WorkingDir } = this.config;
    const variables = [...Env, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];
    const run = instead ?? [...Entrypoint, ...(command ?? Cmd)];
    const folders = mounts.flatMap(({ source, target, readOnly }) => [
      source,
      target,
      readOnly ? 'ro' : 'rw',
    ]);
    const child = spawn(
      'unshare',
      [
        ...['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'],
        ...['sh', '-c', ENTER, 'enter', this.path, User, WorkingDir, String(mounts.length)],
        ...[...folders, ...variables, ...run],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    return new ImageProcess(child);
  }

  /** Runs a process to its end. */
  async run(options: RunOptions): Promise<Finished> {
    const process = this.start(options);
    return { status: await process.ended, output: process.output };
  }
}

/** A process in the root, the first of its namespace. */
export class ImageProcess {
  readonly #child: ChildProcess;
  /** The exit status. */
  readonly ended: Promise<number | null>;
  output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.ended = once(child, 'close').then(([status]) => status as number | null);
  }

  /** Sends SIGTERM to the first process, as `docker stop` does. Returns the exit status. */
  async stop(): Promise<number | null> {
    this.#signalFirst('SIGTERM');
    return this.ended;
  }

  /** Ends it at once, if it has not ended. */
  kill(): void {
    if (this.#child.exitCode === null) this.#signalFirst('SIGKILL');
  }

  /** The first process of the namespace takes all others along. It would outlive `unshare`: it has changed its user since. */
  #signalFirst(signal: NodeJS.Signals): void {
    const id = this.#child.pid;
    const [first] = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').trim().split(' ');
    process.kill(Number(first), signal);
  }
}

/** Tries until it holds. @throws Error with what was waited for, after `limitMs`. */
export async function until(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await wait(200);
  }
}
