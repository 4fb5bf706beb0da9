import type { Config } from '../config.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that is under way; what has been switched off takes attributes and forgets them. */
export interface Span {
  set(attributes: Attributes): void;
}

/** A span that ends later than the call that began it, as a request does. */
export interface OpenSpan extends Span {
  readonly traceId: string;
  /** Runs `work`, and all that follows from it, within the span. */
  run<T>(work: () => T): T;
  /** `failed`: by a fault of ours. */
  end(attributes?: Attributes, failed?: boolean): void;
}

/** SERVER: answers somebody else. CLIENT: asks somebody else. INTERNAL: neither. */
export type SpanKind = 'SERVER' | 'CLIENT' | 'INTERNAL';

/** What traces are made with, where they are made at all. */
export interface Tracing {
  open(
    name: string,
    attributes: Attributes,
    parent: string | undefined,
    kind: SpanKind,
  ): OpenSpan | undefined;
  within<T>(name: string, attributes: Attributes, run: (span: Span) => T, kind: SpanKind): T;
  record(name: string, attributes: Attributes, parent: string, startedAt: number): void;
  traceparent(): string | undefined;
  close(): Promise<void>;
}

const NOTHING: Span = { set: () => undefined };

let tracing: Tracing | undefined;

/**
 * Has this thread's spans sent to the collector that the configuration names, and does nothing where it names none: OpenTelemetry
 * is loaded by nobody else. `onTrouble` is told when they cannot be sent, once until they can be again.
 */
export async function startTracing(
  { endpoint, headers, share }: Config['tracing'],
  thread: string,
  onTrouble: (message: string) => void,
): Promise<void> {
  if (endpoint === undefined) return;
  const { openTracing } = await import('./openTelemetry.ts');
  tracing = openTracing({ endpoint, headers, share, thread, onTrouble });
}

/** Sends what has not been sent. */
export async function stopTracing(): Promise<void> {
  const stopping = tracing;
  tracing = undefined;
  await stopping?.close();
}

/**
 * Runs `run` as a span of the trace that is under way, if there is one. It ends when `run` returns, or when what it returns settles,
 * and says by its name alone how it failed: attributes are ids, names and numbers, never texts, vectors or keys.
 */
export function withSpan<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span) => T,
  kind: SpanKind = 'INTERNAL',
): T {
  return tracing === undefined ? run(NOTHING) : tracing.within(name, attributes, run, kind);
}

/**
 * Begins a span that continues the trace of a `traceparent` header, or begins one. Undefined where nothing is traced.
 */
export function openSpan(
  name: string,
  attributes: Attributes,
  { parent, kind = 'INTERNAL' }: { readonly parent?: string | undefined; readonly kind?: SpanKind } = {},
): OpenSpan | undefined {
  return tracing?.open(name, attributes, parent, kind);
}

/** Records a span that has ended by now; `startedAt` in milliseconds since the epoch. */
export function recordSpan(
  name: string,
  attributes: Attributes,
  parent: string | undefined,
  startedAt: number,
): void {
  if (parent !== undefined) tracing?.record(name, attributes, parent, startedAt);
}

/**
 * Runs `run` as a trace of its own: what nobody waits for, or what outlives whoever asked for it. Otherwise like {@link withSpan}.
 */
export async function withTrace<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T> {
  const span = openSpan(name, attributes);
  if (span === undefined) return run();
  try {
    const result = await span.run(run);
    span.end();
    return result;
  } catch (error) {
    span.end({}, true);
    throw error;
  }
}

/** The `traceparent` header (W3C) of what is under way, for whoever is asked next; undefined where nothing is traced. */
export function traceparent(): string | undefined {
  return tracing?.traceparent();
}
