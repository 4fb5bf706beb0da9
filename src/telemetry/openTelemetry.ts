import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  isSpanContextValid,
  SpanKind as Kind,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Attributes, OpenSpan, Span, SpanKind, Tracing } from './spans.ts';

export interface OpenTracingOptions {
  /** The collector's base URL; traces go to /v1/traces below it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the traces that begin here, from 0 to 1; whoever passes a trace on has decided already. */
  readonly share: number;
  readonly thread: string;
  readonly onTrouble: (message: string) => void;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const FORBIDDEN_VERSION = 'ff';
/** Spans are sent when there are many, or when so long has passed. */
const SEND_EVERY_MS = 2_000;
const MAX_WAITING_SPANS = 4_096;
const SEND_TIMEOUT_MS = 10_000;
/** No attribute of ours is longer, so what is must be somebody's text. */
const MAX_ATTRIBUTE_CHARACTERS = 256;

/**
 * Whether a request is traced is decided when it comes, and nothing is done for one that is not. The trace context of this thread is
 * kept in an AsyncLocalStorage of its own: nothing global is registered.
 */
export function openTracing(options: OpenTracingOptions): Tracing {
  return new OpenTelemetryTracing(options);
}

class OpenTelemetryTracing implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #current = new AsyncLocalStorage<Context>();
  readonly #share: number;

  constructor({ endpoint, headers, share, thread, onTrouble }: OpenTracingOptions) {
    this.#share = share;
    const exporter = new TellingExporter(
      {
        url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
        headers: { ...headers },
        timeoutMillis: SEND_TIMEOUT_MS,
      },
      onTrouble,
    );
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'alcove', 'thread.name': thread }),
      spanLimits: { attributeValueLengthLimit: MAX_ATTRIBUTE_CHARACTERS },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          scheduledDelayMillis: SEND_EVERY_MS,
          maxQueueSize: MAX_WAITING_SPANS,
          exportTimeoutMillis: SEND_TIMEOUT_MS,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('alcove');
  }

  open(
    name: string,
    attributes: Attributes,
    parent: string | undefined,
    kind: SpanKind,
  ): OpenSpan | undefined {
    const from = parentContext(parent);
    if (!this.#isTraced(from)) return undefined;
    const span = this.#tracer.startSpan(name, { attributes: { ...attributes }, kind: Kind[kind] }, from);
    const context = trace.setSpan(from, span);
    return {
      traceId: span.spanContext().traceId,
      set: (more) => void span.setAttributes({ ...more }),
      run: (work) => this.#current.run(context, work),
      end: (more = {}, failed = false) => {
        span.setAttributes({ ...more });
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  /** As whoever passes a trace on has decided; of those that begin here, a share. */
  #isTraced(from: Context): boolean {
    const parent = trace.getSpanContext(from);
    if (parent === undefined) return Math.random() < this.#share;
    return (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
  }

  within<T>(name: string, attributes: Attributes, run: (span: Span) => T, kind: SpanKind): T {
    const from = this.#current.getStore();
    if (from === undefined) return run({ set: () => undefined });
    const span = this.#tracer.startSpan(name, { attributes: { ...attributes }, kind: Kind[kind] }, from);
    const shown: Span = { set: (more) => void span.setAttributes({ ...more }) };
    let result: T;
    try {
      result = this.#current.run(trace.setSpan(from, span), () => run(shown));
    } catch (error) {
      fail(span, error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    // Whoever waits for the result hears of its failure from that.
    result.then(
      () => span.end(),
      (error: unknown) => fail(span, error),
    );
    return result;
  }

  record(name: string, attributes: Attributes, parent: string, startedAt: number): void {
    const options = { attributes: { ...attributes }, startTime: startedAt };
    this.#tracer.startSpan(name, options, parentContext(parent)).end();
  }

  traceparent(): string | undefined {
    const context = this.#current.getStore();
    const span = context && trace.getSpanContext(context);
    if (span === undefined || !isSpanContextValid(span)) return undefined;
    return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`;
  }

  close(): Promise<void> {
    return this.#provider.shutdown();
  }
}

/** Says once that spans cannot be sent, and again only after some were. */
class TellingExporter extends OTLPTraceExporter {
  readonly #onTrouble: (message: string) => void;
  #isInTrouble = false;

  constructor(
    config: ConstructorParameters<typeof OTLPTraceExporter>[0],
    onTrouble: (message: string) => void,
  ) {
    super(config);
    this.#onTrouble = onTrouble;
  }

  override export(...[spans, done]: Parameters<OTLPTraceExporter['export']>): void {
    super.export(spans, (result) => {
      if (result.error !== undefined && !this.#isInTrouble)
        this.#onTrouble(
          `Spans cannot be sent to the collector of ALCOVE_OTLP_ENDPOINT: ${result.error.message}`,
        );
      this.#isInTrouble = result.error !== undefined;
      done(result);
    });
  }
}

function fail(span: OtelSpan, error: unknown): void {
  span.setAttribute('error.type', nameOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function nameOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'kind' in error) return String(error.kind);
  return error instanceof Error ? error.name : typeof error;
}

/** The context of a `traceparent` as another process or thread has written it; one that is no good begins a trace. */
function parentContext(header: string | undefined): Context {
  const [, version, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(header ?? '') ?? [];
  if (version === undefined || version === FORBIDDEN_VERSION) return ROOT_CONTEXT;
  const span: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  return isSpanContextValid(span) ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}
