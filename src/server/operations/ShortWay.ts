import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { toGraphQLError } from '../../graphql/errorMapping.ts';
import { withSpan } from '../../telemetry/spans.ts';
import { beginRecord } from '../observeOperations.ts';
import { operationContext, type Timed } from '../operationContext.ts';
import type { RequestHead } from '../RequestScope.ts';
import type { Served } from '../yoga.ts';
import type { OperationCache } from './OperationCache.ts';
import type { Executed } from './PreparedOperation.ts';

/** What an answer of one piece can be written in. */
const WHOLE_MEDIA_TYPES: readonly string[] = ['application/graphql-response+json', 'application/json'];

/** What was executed by the short way and has errors: Yoga masks them and writes the answer. */
export interface ExecutedWithErrors extends Executed {
  readonly context: object;
}

/**
 * Answers operations that have come before, by POST and in one piece of JSON, with nothing between the parameters and the
 * resolvers, nor between them and the bytes. Everything else is Yoga's: what comes for the first time, what is not valid,
 * whatever is answered in pieces; and of what was executed here, the errors. So there is one place for what errors look
 * like, and both ways answer the same bytes.
 */
export class ShortWay {
  readonly #served: Pick<Served, 'config' | 'contextFor'>;
  readonly #operations: OperationCache;

  constructor(served: Pick<Served, 'config' | 'contextFor'>, operations: OperationCache) {
    this.#served = served;
    this.#operations = operations;
  }

  /**
   * Answers, or says what is left to Yoga: everything, or an answer with errors. `accept` is what of the request's Accept
   * header can be answered, the wanted first.
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    parameters: GraphQLParams,
    head: RequestHead,
  ): Promise<'ANSWERED' | ExecutedWithErrors | undefined> {
    const { query = '', operationName, variables = {} } = parameters;
    const mediaType = wholeMediaType(request.headers.accept ?? '');
    const ready = mediaType && this.#operations.prepared(query, operationName ?? undefined);
    if (!ready) return undefined;
    const { document, operation } = ready;
    const values = operation.variablesOf(variables);
    const plan = values && operation.planFor(values);
    if (!plan || operation.costOf(variables) > this.#served.config.limits.cost) return undefined;
    const context = operationContext(this.#served, head, abortedBy(response));
    const label = beginRecord(head.record, document, operationName);
    const executed = await withSpan('graphql execute', { operation: label }, () =>
      inTime(context, () => operation.execute(plan, values, context)),
    );
    if (executed.errors.length > 0) return { ...executed, context };
    send(response, mediaType, `{"data":${executed.data}}`);
    return 'ANSWERED';
  }
}

/** What was executed, or that it was not in time: Yoga says so, too. */
async function inTime({ deadline }: Timed, execute: () => Promise<Executed>): Promise<Executed> {
  try {
    return await deadline.bound(execute);
  } catch (error) {
    return { data: 'null', errors: [toGraphQLError(error)] };
  }
}

function wholeMediaType(accept: string): string | undefined {
  return accept.split(', ').find((type) => WHOLE_MEDIA_TYPES.includes(type));
}

/** Aborts when the client goes away before it has its answer. */
function abortedBy(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function send(response: ServerResponse, mediaType: string, body: string): void {
  if (response.destroyed) return;
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  const length = Buffer.byteLength(body);
  response.setHeader('content-length', length);
  // As many bytes as characters: all of it is ASCII, which need not be encoded.
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}
