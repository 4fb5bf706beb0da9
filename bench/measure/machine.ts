import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** Where the figures are from. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly v8: string;
  /** Flags given to Node. */
  readonly flags: readonly string[];
  readonly commit: string;
  /** Programs that wanted a processor when the run began (load average of a minute): more than 0 says that others were at work. */
  readonly load?: number;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    v8: process.versions.v8,
    flags: process.execArgv,
    commit: commitHere(),
    load: Number(loadavg()[0]?.toFixed(1)),
  };
}

function commitHere(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'not a clone';
  }
}
