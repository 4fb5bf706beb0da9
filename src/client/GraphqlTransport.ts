import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import {
  createClient as createSocketClient,
  type FormattedExecutionResult,
  type Client as SocketClient,
} from 'graphql-ws/client';
import { AlcoveRequestError, type ReportedError } from './AlcoveRequestError.ts';
import { type Events, mapEvents } from './Events.ts';
import { requestBody } from './multipart.ts';

/** A GraphQL operation as text, which knows the types of its result and variables. */
export type TypedDocument<Result, Variables> = DocumentTypeDecoration<Result, Variables> & {
  toString(): string;
};

export interface ClientOptions {
  /** The server: `http://127.0.0.1:4400`, or its endpoint, `http://127.0.0.1:4400/graphql`. */
  readonly url: string;
  /** A key that `alcove keys create` made, for servers that ask for one. */
  readonly apiKey?: string;
  /** Sent with every request; over WebSocket as `headers` of the connection's parameters. */
  readonly headers?: HeaderMap | (() => HeaderMap | Promise<HeaderMap>);
  /** The platform's own if left out. */
  readonly fetch?: typeof fetch;
  /** A constructor of WebSockets; the platform's own if left out. */
  readonly webSocket?: unknown;
}
/** The code with which a server closes a WebSocket whose key it refuses. */
const FORBIDDEN = 4403;

export type HeaderMap = Readonly<Record<string, string>>;

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

interface Response<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly ReportedError[];
}

/** Typed GraphQL over fetch, and subscriptions over one WebSocket that is open while there are any. */
export class GraphqlTransport {
  readonly #url: URL;
  readonly #options: ClientOptions;
  #socket: SocketClient | undefined;

  constructor(options: ClientOptions) {
    this.#url = new URL(options.url);
    if (this.#url.pathname === '/') this.#url.pathname = '/graphql';
    this.#options = options;
  }

  /** @throws AlcoveRequestError when the request is refused as a whole or there is no answer; AbortError on abort. */
  async request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { signal }: RequestOptions = {},
  ): Promise<Result> {
    const send = this.#options.fetch ?? fetch;
    const { body, headers } = requestBody(document.toString(), variables);
    const init: RequestInit = {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        ...headers,
        ...(await this.#headers()),
      },
      body,
      signal: signal ?? null,
    };
    let status: number | undefined;
    let answer: Response<Result>;
    try {
      const response = await send(this.#url, init);
      status = response.status;
      answer = (await response.json()) as Response<Result>;
    } catch (error) {
      if (signal?.aborted) throw error;
      throw AlcoveRequestError.unreachable(this.#url.href, error);
    }
    if (answer.errors && answer.errors.length > 0) throw AlcoveRequestError.fromErrors(answer.errors, status);
    if (answer.data == null) throw AlcoveRequestError.unreachable(this.#url.href, answer);
    return answer.data;
  }

  /**
   * Asks for something beside the endpoint: `libraries/manuals/export`.
   * @throws AlcoveRequestError when it is refused or there is no answer; AbortError on abort.
   */
  async fetch(path: string, init: RequestInit & { readonly duplex?: 'half' }): Promise<globalThis.Response> {
    const send = this.#options.fetch ?? fetch;
    const url = new URL(path, this.#url);
    let response: globalThis.Response;
    try {
      response = await send(url, {
        ...init,
        headers: { ...init.headers, ...(await this.#headers()) } as HeaderMap,
      });
      if (response.ok) return response;
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw AlcoveRequestError.unreachable(url.href, error);
    }
    const { errors = [] } = (await response.json().catch(() => ({}))) as Response<unknown>;
    throw AlcoveRequestError.fromErrors(errors, response.status);
  }

  /**
   * Subscribes. A lost connection is opened anew, and `variables` are sent as they are by then: change them between
   * events (a cursor, say) and the server resumes from there.
   * The iteration throws an AlcoveRequestError when the server refuses or stays away.
   */
  subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Events<Result> {
    const results = this.#connect().iterate<Result>({
      query: document.toString(),
      variables: variables as Record<string, unknown>,
    });
    const resultOf = ({ data, errors }: FormattedExecutionResult<Result, unknown>): Result => {
      if (errors) throw AlcoveRequestError.fromErrors(errors as readonly ReportedError[]);
      return data as Result;
    };
    return mapEvents(results, resultOf, (error) => this.#explain(error));
  }

  /** Ends all subscriptions. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    await socket?.dispose();
  }

  #connect(): SocketClient {
    const { webSocket } = this.#options;
    this.#socket ??= createSocketClient({
      url: this.#url.href.replace(/^http/, 'ws'),
      connectionParams: async () => ({ headers: await this.#headers() }),
      // A server that restarts may refuse a connection (an error) as well as close one; both are worth another try.
      // A refused key will not do better the next time.
      shouldRetry: (event) => closeCodeOf(event) !== FORBIDDEN,
      ...(webSocket === undefined ? {} : { webSocketImpl: webSocket }),
    });
    return this.#socket;
  }

  async #headers(): Promise<HeaderMap> {
    const { apiKey, headers = {} } = this.#options;
    const own = typeof headers === 'function' ? await headers() : headers;
    return apiKey === undefined ? own : { authorization: `Bearer ${apiKey}`, ...own };
  }

  /** graphql-ws throws the server's errors as a list, and a lost connection as the event that ended it. */
  #explain(error: unknown): AlcoveRequestError {
    if (Array.isArray(error)) return AlcoveRequestError.fromErrors(error);
    if (closeCodeOf(error) === FORBIDDEN) return AlcoveRequestError.refusedKey(closeReasonOf(error), error);
    return AlcoveRequestError.unreachable(this.#url.href, error);
  }
}

/** The code of the event that ended a connection, if it is one. */
function closeCodeOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'code' in event ? event.code : undefined;
}

function closeReasonOf(event: unknown): string {
  return typeof event === 'object' && event !== null && 'reason' in event ? String(event.reason) : '';
}
