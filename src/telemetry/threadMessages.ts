import type { MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { MeasuredMetric } from './Measurements.ts';

/** What the threads are that a server consists of. */
export const THREAD_KINDS = ['SERVER', 'WRITER', 'INGESTER'] as const;
export type ThreadKind = (typeof THREAD_KINDS)[number];

/** What a thread is started with to be seen: `port` is to be transferred to it. */
export interface TelemetrySeat {
  readonly name: string;
  readonly port: MessagePort;
  readonly tracing: Config['tracing'];
}

/** How a thread is, besides what it has measured. */
export interface ThreadVitals {
  /** Requests that it has answered a second, lately. */
  readonly requestsPerSecond: number;
  /** How late its event loop was: the 99th percentile of the last ten seconds. */
  readonly eventLoopDelayMs: number;
  /** Share of the last ten seconds in which it was at work, from 0 to 1. */
  readonly busy: number;
  readonly heapBytes: number;
}

export interface ThreadReading extends ThreadVitals {
  readonly metrics: readonly MeasuredMetric[];
}

/** What a thread is told, and answers; and what it asks the main thread, and is answered. */
export type TelemetryMessage =
  | { readonly kind: 'READ'; readonly id: number }
  | { readonly kind: 'READING'; readonly id: number; readonly reading: ThreadReading }
  | { readonly kind: 'ASK_LOAD'; readonly id: number }
  | { readonly kind: 'LOAD'; readonly id: number; readonly load: ServerLoad };

/** STARTING: it has not answered yet. UNRESPONSIVE: it has, but not the last time it was asked. */
export type ThreadState = 'STARTING' | 'SERVING' | 'UNRESPONSIVE';

export interface ThreadLoad extends ThreadVitals {
  readonly name: string;
  readonly kind: ThreadKind;
  readonly state: ThreadState;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A server at a glance: of all of its threads, as of a moment ago. */
export interface ServerLoad {
  readonly requestsPerSecond: number;
  readonly requestsInProgress: number;
  readonly subscriptions: number;
  readonly connections: number;
  readonly writesWaiting: number;
  readonly jobsRunning: number;
  readonly jobsQueued: number;
  readonly residentBytes: number;
  readonly threads: readonly ThreadLoad[];
}
