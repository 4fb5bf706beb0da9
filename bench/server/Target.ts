import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TargetFigures, TargetOrder, TargetReport } from './TargetOrder.ts';

const ENTRY = fileURLToPath(new URL('targetProcess.ts', import.meta.url));

/** Flags of Node for a target whose garbage can be collected. */
export const COLLECTING = ['--expose-gc', '--import', new URL('collectGarbage.ts', import.meta.url).href];

/** Processor time by the name of threads, in milliseconds; empty on systems that do not tell. */
export type ThreadTimes = ReadonlyMap<string, number>;

/** A server in a process of its own, so that its processor time and memory are nobody else's. */
export class Target {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Starts it, and answers when it serves. `execArgv` are flags of Node. */
  static async start(
    order: Partial<TargetOrder> & Pick<TargetOrder, 'kind'>,
    execArgv: readonly string[] = [],
  ): Promise<Target> {
    const whole: TargetOrder = { threads: 1, environment: {}, answer: '', ...order };
    const child = fork(ENTRY, [JSON.stringify(whole)], { execArgv: [...execArgv] });
    const ended = once(child, 'exit').then(() => undefined);
    const reported = once(child, 'message').then(([report]) => report as TargetReport);
    const report = await Promise.race([reported, ended]);
    if (report?.kind !== 'SERVING') throw new Error(`${order.kind} ended before it served`);
    return new Target(child, report.url);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** With `collected`, after garbage has been collected on every thread; it must have been started with {@link COLLECTING}. */
  async figures(options: { readonly collected?: boolean } = {}): Promise<TargetFigures> {
    const reported = once(this.#child, 'message');
    this.#child.send(options.collected ? 'collect' : 'figures');
    const [report] = (await reported) as [TargetReport];
    if (report.kind !== 'FIGURES') throw new Error(`expected figures, got ${report.kind}`);
    return report;
  }

  /** What each kind of thread has used so far. */
  threadTimes(): ThreadTimes {
    const times = new Map<string, number>();
    const tasks = `/proc/${this.pid}/task`;
    try {
      for (const task of readdirSync(tasks)) {
        const name = readFileSync(`${tasks}/${task}/comm`, 'utf8').trim();
        const nanoseconds = Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
        times.set(name, (times.get(name) ?? 0) + nanoseconds / 1e6);
      }
    } catch {
      // Not Linux, or a thread that has just ended: what was read so far is what is known.
    }
    return times;
  }

  /** Bytes in memory that are of no file; undefined where the system does not tell. */
  anonymousBytes(): number | undefined {
    try {
      const kibibytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1];
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
    } catch {
      return undefined;
    }
  }

  /** Open file descriptors; undefined where the system does not tell. */
  descriptors(): number | undefined {
    try {
      return readdirSync(`/proc/${this.pid}/fd`).length;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.send('stop');
    await exited;
  }
}
