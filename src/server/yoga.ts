import { randomUUID } from 'node:crypto';
import {
  type ExecutionArgs,
  GraphQLDeferDirective,
  GraphQLError,
  GraphQLSchema,
  GraphQLStreamDirective,
  NoSchemaIntrospectionCustomRule,
  type Source,
} from 'graphql';
import { createYoga, type GraphQLParams, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Access } from '../access/Authenticator.ts';
import type { Config } from '../config.ts';
import { AlcoveError } from '../errors.ts';
import { INTERNAL_ERROR_CODE, toGraphQLError } from '../graphql/errorMapping.ts';
import type { Logger } from '../telemetry/Logger.ts';
import type { Place } from './admission/RequestQueue.ts';
import { requestIdOf, useObservation } from './observeOperations.ts';
import { operationContext, type Timed } from './operationContext.ts';
import type { OperationCache } from './operations/OperationCache.ts';
import { operationCost } from './operations/operationCost.ts';
import type { ExecutedWithErrors } from './operations/ShortWay.ts';
import type { RequestHead, RequestScope } from './RequestScope.ts';
import { useSharedEvents } from './sharedEvents.ts';

/** Where GraphQL is served, over HTTP and over WebSocket. */
export const GRAPHQL_PATH = '/graphql';

/** As for a request that was not received in time. */
const TIMED_OUT_STATUS = 408;

/** What one server thread serves. */
export interface Served {
  readonly schema: GraphQLSchema;
  /** What the resolvers of one operation work with. */
  readonly contextFor: (scope: RequestScope) => object;
  readonly config: Config;
  readonly logger: Logger;
  /** Who may come in; absent: anybody. */
  readonly access?: Access;
}

/** What our own HTTP layer hands to Yoga: the parameters are read, checked and within limits already. */
interface ServerContext {
  readonly parameters: GraphQLParams;
  readonly head: RequestHead;
  readonly place: Place;
  /** What the short way has executed, if it has. */
  readonly executed?: ExecutedWithErrors | undefined;
}

/** What is known of an operation before its context is built; `request` over HTTP, `signal` over WebSocket. */
interface InitialContext {
  readonly head: RequestHead;
  readonly place: Place;
  readonly executed?: ExecutedWithErrors | undefined;
  readonly request?: Request;
  readonly signal?: AbortSignal;
}

/** What is in an operation's context beside what its resolvers work with. */
type Admitted = InitialContext & Timed;

export type Yoga = YogaServerInstance<ServerContext, object>;

/**
 * Yoga as the engine between parameters and result of what does not go the short way: execution with @defer and @stream,
 * result as JSON, multipart or server-sent events. HTTP's bodies, origins, pages and health are not its business.
 */
export function createEngine(served: Served, operations: OperationCache): Yoga {
  const { config } = served;
  return createYoga<ServerContext, object>({
    schema: withIncrementalDelivery(served.schema),
    context: ({ head, executed, request, signal }: InitialContext) =>
      executed?.context ??
      operationContext(served, head, signal ?? request?.signal ?? new AbortController().signal),
    graphqlEndpoint: GRAPHQL_PATH,
    maskedErrors: { maskError: (error) => mask(error, served.logger), errorMessage: 'Internal error' },
    plugins: [
      useObservation,
      useReadParameters,
      useOperationCache(operations),
      useExecuted,
      useCostLimit(config.limits.cost),
      useDeadline,
      useEventStreams,
      useSharedEvents,
      useRequestErrors,
      ...(config.introspection ? [] : [useNoIntrospection]),
      ...(config.suggestions ? [] : [useNoSuggestions]),
    ],
    // What Yoga would do besides is done by the HTTP layer, and by the cache above.
    parserAndValidationCache: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    multipart: false,
    maxRequestBodySize: false,
  });
}

function withIncrementalDelivery(schema: GraphQLSchema): GraphQLSchema {
  const added = [GraphQLDeferDirective, GraphQLStreamDirective].filter(
    ({ name }) => !schema.getDirective(name),
  );
  return new GraphQLSchema({ ...schema.toConfig(), directives: [...schema.getDirectives(), ...added] });
}

const useReadParameters: Plugin<object, ServerContext> = {
  onRequestParse({ serverContext, setRequestParser }) {
    setRequestParser(() => serverContext.parameters);
  },
};

/** Every text is parsed and validated once, within DOCUMENT_LIMITS. */
function useOperationCache(operations: OperationCache): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source) => operations.parse(source));
    },
    onValidate({ params: { documentAST }, setResult }) {
      const known = operations.errorsOf(documentAST);
      if (known === undefined)
        return ({ result }) => operations.validated(documentAST, result as GraphQLError[]);
      setResult([...known]);
      return undefined;
    },
  };
}

/** What the short way has executed is not executed again. */
const useExecuted: Plugin = {
  onExecute({ args, setExecuteFn }) {
    const { executed } = args.contextValue as Pick<InitialContext, 'executed'>;
    if (executed === undefined) return;
    const { data, errors } = executed;
    setExecuteFn(() => ({ errors, data: JSON.parse(data) }));
  },
};

/** Refuses what could cost too much before anything of it is done. */
function useCostLimit(limit: number): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusedCost(args, limit);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusedCost(args, limit);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

function refusedCost(
  { document, operationName, variableValues }: ExecutionArgs,
  limit: number,
): GraphQLError | undefined {
  const cost = operationCost(document, operationName, variableValues ?? {});
  if (cost <= limit) return undefined;
  return new GraphQLError(
    `the operation could cost ${cost}, at most ${limit} are allowed: one for each field that it may be answered, 100 for each search, 1,000 for an exact one; ask for smaller pages and batches, or for fewer within one another`,
    { extensions: { code: 'BAD_USER_INPUT', got: cost, expected: limit, http: { status: 400 } } },
  );
}

/** Ends what takes longer than the server works on one operation. A subscription takes as long as its client wants, and no place. */
const useDeadline: Plugin<Admitted> = {
  onExecute({ executeFn, setExecuteFn }) {
    setExecuteFn(async (args: ExecutionArgs) => {
      const { deadline } = args.contextValue as Admitted;
      try {
        return await deadline.bound(() => executeFn(args));
      } catch (error) {
        if (!(error instanceof AlcoveError)) throw error;
        const timedOut = toGraphQLError(error);
        timedOut.extensions.http = { status: TIMED_OUT_STATUS };
        return { errors: [timedOut] };
      }
    });
  },
  onSubscribe({ args }) {
    args.contextValue.place.release();
  },
};

/** Over HTTP a subscription is answered as server-sent events; it is not begun for whoever does not take those. */
const useEventStreams: Plugin = {
  onSubscribe({ args, setResultAndStopExecution }) {
    const { request } = args.contextValue as { readonly request?: Request };
    if (!request || request.headers.get('accept')?.includes('text/event-stream')) return;
    const refusal = new GraphQLError(
      'a subscription over HTTP needs an "accept" that names text/event-stream',
      {
        extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } },
      },
    );
    setResultAndStopExecution({ errors: [refusal] });
  },
};

/** An operation that could not begin (a variable of the wrong type, say) is the client's mistake: 400, never 5xx. */
const useRequestErrors: Plugin = {
  onExecute() {
    return {
      onExecuteDone({ result, setResult }) {
        if (!('errors' in result) || 'data' in result || !result.errors) return;
        const errors = result.errors.map((error) => {
          const http = { spec: true, status: 400, ...(error.extensions?.http as object | undefined) };
          return new GraphQLError(error.message, {
            ...error,
            extensions: { code: 'BAD_USER_INPUT', ...error.extensions, http },
          });
        });
        setResult({ errors });
      },
    };
  },
  // One that is refused is told so as its first and last event, as over WebSocket.
  onSubscribe() {
    return {
      onSubscribeResult({ result, setResult }) {
        if (!('errors' in result) || !result.errors) return;
        const errors = result.errors.map((error) => {
          const shown = toGraphQLError(error);
          if (shown.extensions.code === INTERNAL_ERROR_CODE) return error;
          shown.extensions.http ??= { status: 200 };
          return shown;
        });
        setResult({ errors });
      },
    };
  },
};

const useNoIntrospection: Plugin = {
  onValidate({ addValidationRule }) {
    addValidationRule(NoSchemaIntrospectionCustomRule);
  },
};

/** Takes "Did you mean …?" out of errors, wherever in GraphQL they come from: it would give the schema away by pieces. */
const useNoSuggestions: Plugin = {
  onValidate() {
    return ({ result, setResult }) => setResult((result as GraphQLError[]).map(withoutSuggestion));
  },
  onExecute() {
    return {
      onExecuteDone({ result, setResult }) {
        if ('errors' in result && result.errors)
          setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
      },
    };
  },
};

function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ ?Did you mean [^?]*\?/g, '');
  return message === error.message
    ? error
    : new GraphQLError(message, { ...error, extensions: error.extensions });
}

/** An error as a client may see it; one of ours is logged whole, under the id that the client is told. */
function mask(error: unknown, logger: Logger): GraphQLError {
  const shown = toGraphQLError(error);
  if (shown.extensions.code !== INTERNAL_ERROR_CODE) {
    const http = error instanceof GraphQLError ? error.extensions.http : undefined;
    if (http) shown.extensions.http = http;
    return shown;
  }
  const requestId = requestIdOf(error) ?? randomUUID();
  logger.error('internal error', { requestId, path: shown.path, error });
  shown.extensions.requestId = requestId;
  return shown;
}
