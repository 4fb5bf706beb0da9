/** Upper bounds, in seconds, of the buckets of what a request, a search or a commit takes. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** The same for jobs. */
const LONG_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];
/** How many commands share a commit. */
const GROUP_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Names of its labels. Every value that a label takes comes of a closed set, or of one that is cut off. */
  readonly labels: readonly string[];
  /** Of a histogram: ascending. */
  readonly buckets?: readonly number[];
}

/**
 * Every metric that there is. Names, units and endings are as Prometheus has them: base units, `_total` for what only grows.
 * docs/observability.md lists them, and the dashboard and the alert rules use no others.
 */
export const METRICS = {
  alcove_build_info: {
    type: 'gauge',
    help: '1, with the version that runs.',
    labels: ['version'],
  },
  process_start_time_seconds: {
    type: 'gauge',
    help: 'When the process was started, in seconds since the epoch.',
    labels: [],
  },
  process_cpu_seconds_total: {
    type: 'counter',
    help: 'Processor time of the whole process, all threads.',
    labels: ['mode'],
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    help: 'Memory of the whole process that is in RAM.',
    labels: [],
  },
  process_open_fds: { type: 'gauge', help: 'Open file descriptors (Linux).', labels: [] },
  alcove_threads: {
    type: 'gauge',
    help: 'Threads by kind, and by whether they are starting, serving, do not answer, or have ended.',
    labels: ['kind', 'state'],
  },
  alcove_thread_ends_total: {
    type: 'counter',
    help: 'Threads that have ended, whether they were told to or died.',
    labels: ['kind'],
  },
  alcove_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'How late the event loop of a thread was within the last ten seconds.',
    labels: ['thread', 'quantile'],
  },
  alcove_event_loop_busy_seconds_total: {
    type: 'counter',
    help: 'Time in which the event loop of a thread was at work.',
    labels: ['thread'],
  },
  alcove_thread_cpu_seconds_total: {
    type: 'counter',
    help: 'Processor time of threads by what they do (Linux), builders of indexes and readers of files among them; as seen by scrapes.',
    labels: ['kind'],
  },
  alcove_heap_bytes: { type: 'gauge', help: 'JavaScript heap in use, by thread.', labels: ['thread'] },
  alcove_requests_total: {
    type: 'counter',
    help: 'GraphQL operations by name (of a registered one) or root field, kind, and how they ended.',
    labels: ['operation', 'kind', 'outcome'],
  },
  alcove_request_duration_seconds: {
    type: 'histogram',
    help: 'What queries and mutations took, from the first byte of the request to the last of the answer.',
    labels: ['operation'],
    buckets: SECONDS,
  },
  alcove_http_responses_total: {
    type: 'counter',
    help: 'HTTP answers by route and status.',
    labels: ['route', 'status'],
  },
  alcove_requests_in_progress: {
    type: 'gauge',
    help: 'HTTP requests and WebSocket operations that are under way, event streams and subscriptions aside.',
    labels: [],
  },
  alcove_admission_requests: {
    type: 'gauge',
    help: 'Requests that have been admitted and run, that wait in the queue for it, and that wait to be told that they are refused.',
    labels: ['state'],
  },
  alcove_admission_refused_total: {
    type: 'counter',
    help: 'Requests that were refused: by the queue (503), or for the rate of their key or address (429).',
    labels: ['reason'],
  },
  alcove_subscriptions: {
    type: 'gauge',
    help: 'Subscriptions that are open, over WebSocket and server-sent events.',
    labels: [],
  },
  alcove_connections: {
    type: 'gauge',
    help: 'Connections that are open: of HTTP, those that have become WebSockets among them.',
    labels: ['protocol'],
  },
  alcove_errors_total: {
    type: 'counter',
    help: 'Errors that callers were answered, in payloads and beside them, by kind; by code where they have none.',
    labels: ['kind'],
  },
  alcove_searches_total: {
    type: 'counter',
    help: 'Searches: nearest neighbours by the strategy that answered, searches by words or both by their mode.',
    labels: ['strategy'],
  },
  alcove_search_phase_seconds: {
    type: 'histogram',
    help: 'What the phases of searches took.',
    labels: ['phase'],
    buckets: SECONDS,
  },
  alcove_search_compared_total: {
    type: 'counter',
    help: 'Distances that searches computed.',
    labels: [],
  },
  alcove_embedder_requests_total: {
    type: 'counter',
    help: 'Requests to providers of embeddings and reranking, by host and status; "failed" where there was no answer.',
    labels: ['host', 'status'],
  },
  alcove_embedder_request_duration_seconds: {
    type: 'histogram',
    help: 'What such requests took until their answer began.',
    labels: ['host'],
    buckets: SECONDS,
  },
  alcove_commands_total: {
    type: 'counter',
    help: 'Commands that the writer has answered, by how.',
    labels: ['outcome'],
  },
  alcove_command_duration_seconds: {
    type: 'histogram',
    help: 'From when the writer got a command until it was durable, searchable and announced.',
    labels: [],
    buckets: SECONDS,
  },
  alcove_commit_duration_seconds: {
    type: 'histogram',
    help: 'Transactions of the store, their fsync included.',
    labels: [],
    buckets: SECONDS,
  },
  alcove_commit_commands: {
    type: 'histogram',
    help: 'Commands that shared a transaction.',
    labels: [],
    buckets: GROUP_SIZES,
  },
  alcove_writer_queue_commands: {
    type: 'gauge',
    help: 'Commands that the writer has been given and has not answered.',
    labels: [],
  },
  alcove_writer_queue_bytes: {
    type: 'gauge',
    help: 'Vectors in these commands.',
    labels: [],
  },
  alcove_revision: { type: 'gauge', help: 'The last revision that is durable and searchable.', labels: [] },
  alcove_libraries: { type: 'gauge', help: 'Libraries in the store.', labels: [] },
  alcove_index_memory_bytes: {
    type: 'gauge',
    help: 'Memory of indexes: used, set aside for what grows or is built, and the limit.',
    labels: ['state'],
  },
  alcove_open_indexes: { type: 'gauge', help: 'Indexes in memory.', labels: [] },
  alcove_index_vectors: {
    type: 'gauge',
    help: 'Live vectors in the indexes in memory, of the largest libraries by name, of all others as "(others)".',
    labels: ['library'],
  },
  alcove_index_tombstones: {
    type: 'gauge',
    help: 'Vectors in these indexes that have been removed or replaced.',
    labels: ['library'],
  },
  alcove_index_bytes: {
    type: 'gauge',
    help: 'What these indexes take in memory.',
    labels: ['library'],
  },
  alcove_index_recall: {
    type: 'gauge',
    help: 'Recall as last measured, at the effort that a search takes which asks for none; only of the largest libraries.',
    labels: ['library'],
  },
  alcove_index_recall_measured_timestamp_seconds: {
    type: 'gauge',
    help: 'When that was measured, in seconds since the epoch.',
    labels: ['library'],
  },
  alcove_jobs: {
    type: 'gauge',
    help: 'Jobs that have not ended.',
    labels: ['kind', 'state'],
  },
  alcove_jobs_finished_total: {
    type: 'counter',
    help: 'Jobs that have ended, by how.',
    labels: ['kind', 'state'],
  },
  alcove_job_duration_seconds: {
    type: 'histogram',
    help: 'From the start of a job to its end.',
    labels: ['kind'],
    buckets: LONG_SECONDS,
  },
  alcove_log_lines_total: {
    type: 'counter',
    help: 'Lines that were logged, by level.',
    labels: ['level'],
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

export type MetricName = keyof typeof METRICS;

type OfType<Type extends MetricDeclaration['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];
export type CounterName = OfType<'counter'>;
export type GaugeName = OfType<'gauge'>;
export type HistogramName = OfType<'histogram'>;

/** The values of a metric's labels, in the order in which it declares them. */
export type LabelsOf<Name extends MetricName> = readonly string[] &
  ValuesOf<(typeof METRICS)[Name]['labels']>;
type ValuesOf<Labels extends readonly string[]> = { readonly [At in keyof Labels]: string };
