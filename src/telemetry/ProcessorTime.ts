import { readdirSync, readFileSync } from 'node:fs';

const TASKS = '/proc/self/task';
/** Processor time is told in ticks of this length, whatever the kernel counts in (`sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;
/** Where `utime` is among the fields of a `stat` that follow the name; `stime` is next. */
const USER_TIME = 11;

/** What the threads of V8 and of the libraries below it are called together. */
const RUNTIME = 'runtime';
/** Names that our threads are started with. */
const OURS = new Set([
  ...['server', 'writer', 'ingester', 'builder', 'crew'],
  ...['measurer', 'extractor', 'model', 'parquet'],
]);

interface Seen {
  readonly kind: string;
  readonly seconds: number;
}

/**
 * Processor time by what threads do, also of threads that cannot be asked while they are at work. Of a thread that has ended it counts what
 * was seen of it, so that no sum goes back. Linux; elsewhere there is nothing.
 */
export class ProcessorTime {
  #last = new Map<string, Seen>();
  readonly #ended = new Map<string, number>();

  /** Seconds by kind since the process was started. */
  byKind(): ReadonlyMap<string, number> {
    const now = readTasks();
    for (const [id, { kind, seconds }] of this.#last) {
      const current = now.get(id);
      // An id that is given again begins anew.
      if (current === undefined || current.kind !== kind || current.seconds < seconds)
        add(this.#ended, kind, seconds);
    }
    this.#last = now;
    const sums = new Map(this.#ended);
    for (const { kind, seconds } of now.values()) add(sums, kind, seconds);
    return sums;
  }
}

function add(sums: Map<string, number>, kind: string, seconds: number): void {
  sums.set(kind, (sums.get(kind) ?? 0) + seconds);
}

/** By thread id. */
function readTasks(): Map<string, Seen> {
  const tasks = new Map<string, Seen>();
  for (const id of listed()) {
    const stat = read(`${TASKS}/${id}/stat`);
    // The name is in parentheses, and may have some of its own.
    const end = stat.lastIndexOf(')');
    if (end < 0) continue;
    const name = stat.slice(stat.indexOf('(') + 1, end);
    const fields = stat.slice(end + 2).split(' ');
    const ticks = Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1]);
    const kind = id === String(process.pid) ? 'main' : OURS.has(name) ? name : RUNTIME;
    tasks.set(id, { kind, seconds: ticks / TICKS_PER_SECOND });
  }
  return tasks;
}

function listed(): string[] {
  try {
    return readdirSync(TASKS);
  } catch {
    return [];
  }
}

/** Empty when the thread has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
