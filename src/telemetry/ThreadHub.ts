import { readdirSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { exposition } from './exposition.ts';
import { type MeasuredMetric, Measurements } from './Measurements.ts';
import type { MetricName } from './metrics.ts';
import { ProcessorTime } from './ProcessorTime.ts';
import { RetiredMetrics } from './RetiredMetrics.ts';
import {
  type ServerLoad,
  type TelemetryMessage,
  type TelemetrySeat,
  THREAD_KINDS,
  type ThreadKind,
  type ThreadLoad,
  type ThreadReading,
  type ThreadState,
  type ThreadVitals,
} from './threadMessages.ts';

/** A thread that has not answered by then is told as it was when it last did. */
const ANSWER_WITHIN_MS = 1_000;
/** A glance is not taken anew before. */
const GLANCE_LASTS_MS = 500;

const NOTHING_YET: ThreadVitals = { requestsPerSecond: 0, eventLoopDelayMs: 0, busy: 0, heapBytes: 0 };

interface Connected {
  readonly name: string;
  readonly kind: ThreadKind;
  readonly port: MessagePort;
  readonly startedAt: number;
  state: ThreadState;
  last: ThreadReading | undefined;
  /** Its port may be closed only a moment later. */
  hasEnded: boolean;
}

/**
 * Gathers, on the main thread, what all threads have measured. What a thread has counted stays counted when it has ended, so that no
 * sum goes back.
 */
export class ThreadHub {
  readonly #tracing: Config['tracing'];
  readonly #threads = new Set<Connected>();
  readonly #retired = new RetiredMetrics();
  readonly #own = new Measurements();
  readonly #processorTime = new ProcessorTime();
  readonly #waiting = new Map<number, (reading: ThreadReading) => void>();
  #lastId = 0;
  #gathering: Promise<void> | undefined;
  #glance: { readonly at: number; readonly load: Promise<ServerLoad> } | undefined;

  constructor(version: string, tracing: Config['tracing']) {
    this.#tracing = tracing;
    this.#own.onSnapshot((set) => {
      set('alcove_build_info', [version], 1);
      const { user, system } = process.cpuUsage();
      set('process_cpu_seconds_total', ['user'], user / 1e6);
      set('process_cpu_seconds_total', ['system'], system / 1e6);
      set('process_resident_memory_bytes', [], process.memoryUsage.rss());
      set('process_start_time_seconds', [], Date.now() / 1_000 - process.uptime());
      const descriptors = openDescriptors();
      if (descriptors !== undefined) set('process_open_fds', [], descriptors);
      // The first end of a thread must be seen as a rise.
      for (const kind of THREAD_KINDS) set('alcove_thread_ends_total', [kind], 0);
      for (const [kind, seconds] of this.#processorTime.byKind())
        set('alcove_thread_cpu_seconds_total', [kind], seconds);
      for (const { kind, state } of this.#threads) set('alcove_threads', [kind, state], 1);
    });
  }

  /** What a thread that is about to be started begins its `ThreadTelemetry` with. */
  connect(kind: ThreadKind): TelemetrySeat {
    const { port1, port2 } = new MessageChannel();
    const name = this.#freeName(kind);
    const thread: Connected = {
      name,
      kind,
      port: port1,
      startedAt: Date.now(),
      state: 'STARTING',
      last: undefined,
      hasEnded: false,
    };
    this.#threads.add(thread);
    port1.on('message', (message: TelemetryMessage) => this.#receive(thread, message));
    port1.once('close', () => this.#ended(thread));
    port1.unref();
    return { name, port: port2, tracing: this.#tracing };
  }

  /** A thread has ended: the next one of its kind may have its name. */
  exited(name: string): void {
    for (const thread of this.#threads) if (thread.name === name) thread.hasEnded = true;
  }

  /** All that has been measured, in Prometheus' text format. */
  async metrics(): Promise<string> {
    await this.#gather();
    const readings = [...this.#threads].flatMap(({ last }) => (last === undefined ? [] : [last.metrics]));
    return exposition([this.#own.snapshot(), this.#retired.metrics(), ...readings]);
  }

  load(): Promise<ServerLoad> {
    const now = performance.now();
    if (this.#glance === undefined || now - this.#glance.at > GLANCE_LASTS_MS)
      this.#glance = { at: now, load: this.#look() };
    return this.#glance.load;
  }

  close(): void {
    for (const { port } of this.#threads) port.close();
  }

  async #look(): Promise<ServerLoad> {
    await this.#gather();
    const all = [...this.#threads].flatMap(({ last }) => last?.metrics ?? []);
    const threads: ThreadLoad[] = [...this.#threads].map(({ name, kind, state, startedAt, last }) => {
      const { metrics: _metrics, ...vitals } = last ?? { metrics: [], ...NOTHING_YET };
      return { name, kind, state, startedAt, ...vitals };
    });
    return {
      requestsPerSecond: threads.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
      requestsInProgress: sumOf(all, 'alcove_requests_in_progress'),
      subscriptions: sumOf(all, 'alcove_subscriptions'),
      connections: sumOf(all, 'alcove_connections', { protocol: 'http' }),
      writesWaiting: sumOf(all, 'alcove_writer_queue_commands'),
      jobsRunning: sumOf(all, 'alcove_jobs', { state: 'RUNNING' }),
      jobsQueued: sumOf(all, 'alcove_jobs', { state: 'QUEUED' }),
      residentBytes: process.memoryUsage.rss(),
      threads,
    };
  }

  /** Names are given again, so that they stay few. */
  #freeName(kind: ThreadKind): string {
    const prefix = kind.toLowerCase();
    if (kind !== 'SERVER') return prefix;
    const running = [...this.#threads].filter(({ hasEnded }) => !hasEnded);
    const taken = new Set(running.map(({ name }) => name));
    for (let number = 1; ; number++) if (!taken.has(`${prefix}-${number}`)) return `${prefix}-${number}`;
  }

  /** Asks all threads at once; who asks meanwhile gets the same. */
  #gather(): Promise<void> {
    this.#gathering ??= Promise.all([...this.#threads].map((thread) => this.#read(thread)))
      .then(() => undefined)
      .finally(() => {
        this.#gathering = undefined;
      });
    return this.#gathering;
  }

  async #read(thread: Connected): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<ThreadReading | undefined>();
    this.#waiting.set(id, resolve);
    const onClose = () => resolve(undefined);
    thread.port.once('close', onClose);
    const timer = setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS);
    thread.port.postMessage({ kind: 'READ', id } satisfies TelemetryMessage);
    const reading = await promise;
    clearTimeout(timer);
    thread.port.off('close', onClose);
    this.#waiting.delete(id);
    if (reading !== undefined) {
      thread.last = reading;
      thread.state = 'SERVING';
    } else if (thread.state === 'SERVING') thread.state = 'UNRESPONSIVE';
  }

  #receive(thread: Connected, message: TelemetryMessage): void {
    if (message.kind === 'READING') this.#waiting.get(message.id)?.(message.reading);
    else if (message.kind === 'ASK_LOAD') {
      const { id } = message;
      void this.load().then((load) =>
        thread.port.postMessage({ kind: 'LOAD', id, load } satisfies TelemetryMessage),
      );
    }
  }

  #ended(thread: Connected): void {
    this.#threads.delete(thread);
    this.#own.count('alcove_thread_ends_total', [thread.kind]);
    if (thread.last !== undefined) this.#retired.add(thread.last.metrics);
  }
}

function sumOf(
  metrics: readonly MeasuredMetric[],
  name: MetricName,
  labels: Readonly<Record<string, string>> = {},
): number {
  let sum = 0;
  for (const metric of metrics) {
    if (metric.name !== name) continue;
    for (const { labels: held, value } of metric.values)
      if (Object.entries(labels).every(([label, wanted]) => held[label] === wanted)) sum += value;
  }
  return sum;
}

function openDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
