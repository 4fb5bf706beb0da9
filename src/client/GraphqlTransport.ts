import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import {
  createClient as createSocketClient,
  type FormattedExecutionResult,
  type Client as SocketClient,
} from 'graphql-ws/client';
import { AlcoveRequestError, type ReportedError } from './AlcoveRequestError.ts';
import { type Events, mapEvents } from './Events.ts';
import { type RequestedOperation, requestBody } from './multipart.ts';

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
  /**
   * Asks for operations by the hash of their text, and sends the text only where the server does not know it yet: Apollo's automatic
   * persisted queries. Over HTTP; where the platform cannot hash (a page that is not secure), texts are sent as ever.
   */
  readonly persistedOperations?: boolean;
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

interface Answered<Result> {
  readonly status: number;
  readonly answer: Response<Result>;
}

/** An operation that is asked for by its hash. */
interface Persisted {
  readonly sha256Hash: string;
  /** With so many requests to come its text is sent, too. */
  textsDue: number;
}

/** Texts whose hashes are remembered. */
const MAX_HASHES = 1_000;
/** The code of a server that does not know a hash. */
const NOT_PERSISTED = 'PERSISTED_QUERY_NOT_FOUND';
/**
 * So many texts are sent when a hash was unknown. Each thread of a server learns for itself, and connections take turns: were one text sent alone,
 * it could reach another thread than the hash before and the hash after, time and again.
 */
const TEXTS_AFTER_UNKNOWN = 8;

/** Typed GraphQL over fetch, and subscriptions over one WebSocket that is open while there are any. */
export class GraphqlTransport {
  readonly #url: URL;
  readonly #options: ClientOptions;
  /** By the text. */
  readonly #persisted = new Map<string, Persisted>();
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
    const query = document.toString();
    const persisted = await this.#persistedOf(query);
    if (persisted === undefined) return this.#answered(await this.#ask<Result>({ query }, variables, signal));
    const extensions = { persistedQuery: { version: 1, sha256Hash: persisted.sha256Hash } } as const;
    if (persisted.textsDue === 0) {
      const asked = await this.#ask<Result>({ extensions }, variables, signal);
      if (asked.answer.errors?.[0]?.extensions?.code !== NOT_PERSISTED) return this.#answered(asked);
      persisted.textsDue = TEXTS_AFTER_UNKNOWN;
    }
    persisted.textsDue--;
    return this.#answered(await this.#ask<Result>({ query, extensions }, variables, signal));
  }

  /** How an operation is asked for by its hash; undefined where it is not. */
  async #persistedOf(text: string): Promise<Persisted | undefined> {
    const { subtle } = globalThis.crypto ?? {};
    if (!this.#options.persistedOperations || subtle === undefined) return undefined;
    let persisted = this.#persisted.get(text);
    if (persisted === undefined) {
      const hash = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
      const sha256Hash = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
      persisted = { sha256Hash, textsDue: 0 };
      // Whoever writes values into texts in place of variables has ever new ones.
      if (this.#persisted.size >= MAX_HASHES) this.#persisted.clear();
      this.#persisted.set(text, persisted);
    }
    return persisted;
  }

  /** @throws AlcoveRequestError when there is no answer; AbortError on abort. */
  async #ask<Result>(
    operation: RequestedOperation,
    variables: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Answered<Result>> {
    const send = this.#options.fetch ?? fetch;
    const { body, headers } = requestBody(operation, variables);
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
    try {
      const response = await send(this.#url, init);
      return { status: response.status, answer: (await response.json()) as Response<Result> };
    } catch (error) {
      if (signal?.aborted) throw error;
      throw AlcoveRequestError.unreachable(this.#url.href, error);
    }
  }

  /** @throws AlcoveRequestError for what is no answer, and for one of errors. */
  #answered<Result>({ status, answer }: Answered<Result>): Result {
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
