import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { AlcoveError } from '../errors.ts';
import type { Logger } from '../telemetry/Logger.ts';
import { measurements } from '../telemetry/Measurements.ts';
import {
  type EndedOperation,
  type OperationOutcome,
  OperationRecord,
  type TimedPhase,
} from '../telemetry/OperationRecord.ts';
import { type Redact, redactorOf } from '../telemetry/redact.ts';
import { secretsOf } from '../telemetry/secrets.ts';
import { type OpenSpan, openSpan } from '../telemetry/spans.ts';
import { HttpError } from './HttpError.ts';
import type { RequestHead } from './RequestScope.ts';
import { refusalOf } from './refusalOf.ts';
import { refuse } from './responses.ts';

/** What a caller may name its request: whatever else it sends is not taken up. */
const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;

/** Too much to do, or no keys to compare with for the moment: come again. */
const NO_ROOM = 503;

/** What a path is called in metrics, and whether operations come in there. */
export interface Route {
  readonly name: string;
  readonly operates: boolean;
}

/** What observing begins with; the rest of a {@link RequestHead} is not known so early. */
export type Observed = Omit<RequestHead, 'principal'>;

/** Sees every request and operation of a thread begin and end: names it, measures it once, and logs it if it is worth a line. */
export class RequestObserver {
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #redact: Redact;

  constructor(config: Config, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
    this.#redact = redactorOf(secretsOf(config));
  }

  /**
   * Has a request of HTTP answered by `answer`, as a part of its trace; its end is noticed here. What `answer` throws is refused:
   * what is not the caller's fault is logged, and not told.
   */
  async request(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    answer: (observed: Observed) => Promise<void>,
  ): Promise<void> {
    const observed = this.#begin(request, response, route);
    const { requestId, span } = observed;
    try {
      await (span ? span.run(() => answer(observed)) : answer(observed));
    } catch (error) {
      const refusal = refusalOf(error);
      if (error instanceof AlcoveError) measurements.count('alcove_errors_total', [error.kind]);
      else if (error instanceof HttpError) measurements.count('alcove_errors_total', [error.code]);
      if (refusal === undefined)
        this.#logger.error('request failed', { requestId, route: route.name, error });
      refuse(request, response, refusal ?? new HttpError(500, 'Internal error'));
    }
  }

  #begin(request: IncomingMessage, response: ServerResponse, { name: route, operates }: Route): Observed {
    const requestId = this.#idOf(request);
    response.setHeader('x-request-id', requestId);
    const parent = request.headers.traceparent;
    const span = operates
      ? openSpan(
          `${request.method} ${route}`,
          { 'http.route': route, 'alcove.request_id': requestId },
          {
            parent: typeof parent === 'string' ? parent : undefined,
            kind: 'SERVER',
          },
        )
      : undefined;
    const record = operates ? new OperationRecord() : undefined;
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : 0;
      measurements.count('alcove_http_responses_total', [route, String(status)]);
      if (record === undefined) return;
      // A page for a browser, or the answer to what it asks before a request.
      if (record.kind === undefined && status < 400 && response.writableFinished) record.discard();
      else this.#ended(record.end(outcomeOf(response, status)), { requestId, route, status }, span);
      span?.end({ 'http.response.status_code': status });
    });
    return { requestId, ...(record && { record }), ...(span && { span }) };
  }

  /** What the caller calls its request, unless that is a key that has got there by mistake: ids are logged, traced and answered. */
  #idOf({ headers }: IncomingMessage): string {
    const given = headers['x-request-id'];
    if (typeof given !== 'string' || !REQUEST_ID.test(given) || this.#redact(given) !== given)
      return randomUUID();
    return given;
  }

  /** An operation has come over a WebSocket; call `end` when it has ended. */
  operation(): Observed & { readonly end: (outcome?: OperationOutcome) => void } {
    const requestId = randomUUID();
    const span = openSpan('WebSocket /graphql', { 'alcove.request_id': requestId }, { kind: 'SERVER' });
    const record = new OperationRecord();
    const end = (outcome?: OperationOutcome) => {
      const ended = record.end(outcome);
      this.#ended(ended, { requestId, route: 'websocket' }, span);
      if (ended !== undefined) span?.end();
    };
    return { requestId, record, ...(span && { span }), end };
  }

  #ended(
    ended: EndedOperation | undefined,
    request: Readonly<Record<string, unknown>>,
    span: OpenSpan | undefined,
  ): void {
    if (ended === undefined) return;
    const { operation, kind, outcome, ms, notes, searches } = ended;
    span?.set({
      'alcove.operation': operation,
      'graphql.operation.type': kind ?? 'none',
      'alcove.outcome': outcome,
    });
    const isSlow = ms >= this.#config.slowRequestMs && kind !== 'subscription';
    if (!(isSlow ? this.#config.logRequests !== 'off' : this.#config.logRequests === 'all')) return;
    this.#logger.info(isSlow ? 'slow request' : 'request', {
      ...request,
      ...(span && { traceId: span.traceId }),
      operation,
      kind,
      outcome,
      ms: rounded(ms),
      ...(searches.length > 0 && { searches: searches.length, phases: phasesOf(searches) }),
      ...notes,
    });
  }
}

/** What all searches of an operation took together, in milliseconds by phase. */
function phasesOf(searches: readonly (readonly TimedPhase[])[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { name, ms } of searches.flat()) sums[name] = (sums[name] ?? 0) + ms;
  return Object.fromEntries(Object.entries(sums).map(([name, ms]) => [name, rounded(ms)]));
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** What the answer says of how a request ended; undefined where that is for its errors to say. */
function outcomeOf(response: ServerResponse, status: number): OperationOutcome | undefined {
  if (!response.writableFinished) return 'cancelled';
  if (status >= 500 && status !== NO_ROOM) return 'failed';
  return status >= 400 ? 'refused' : undefined;
}
