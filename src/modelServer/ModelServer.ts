import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelOptions } from '../embedding/LocalEmbedder.ts';
import { closeServer } from '../server/closeServer.ts';
import { BodyMemory, readBody } from '../server/requestBody.ts';
import { refuse, sendJson } from '../server/responses.ts';
import { StartError } from '../server/StartError.ts';
import type { Logger } from '../telemetry/Logger.ts';
import { embeddingsAnswer, parseEmbeddingsRequest } from './embeddingsRequest.ts';
import { asOpenAiError, OpenAiError } from './OpenAiError.ts';
import { ServedModels } from './ServedModels.ts';

/** Bodies of the largest size that are read at the same time; more get 429. */
const BODIES_AT_ONCE = 4;
/** Time limits of a connection, in milliseconds: a request's headers, the whole request, and idle between two. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;
/** Larger headers get 431. */
const MAX_HEADER_BYTES = 16_384;

export interface ModelServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Names of the models to serve; none means all that are there. */
  readonly names: readonly string[];
  readonly models: ModelOptions;
  /** What callers have to show as a bearer token; absent: nothing. */
  readonly apiKey?: string;
  /** Largest body, in bytes, also after decompression. */
  readonly maxBodyBytes: number;
  readonly logger: Logger;
}

/** A service that turns texts into vectors, spoken to as OpenAI's is. */
export interface ModelServer {
  /** Where a client on this machine finds it: `http://127.0.0.1:4401`; OpenAI's base URL is this and `/v1`. */
  readonly url: string;
  readonly models: ServedModels;
  /** Stops accepting, lets requests finish for up to `limitMs`, then ends what is left. */
  close(limitMs: number): Promise<void>;
}

/**
 * Serves `POST /v1/embeddings`, `GET /v1/models`, `GET /v1/models/{name}` and `GET /health`. Everything else is 404.
 * @throws StartError when it cannot listen; AlcoveError or OpenAiError when a named model cannot be opened.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const models = new ServedModels(options.models, options.names);
  await models.openNamed();
  const routes = new Routes(models, options);
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  server.on('request', (request, response) => void routes.serve(request, response));
  await listen(server, options.host, options.port);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    models,
    close: async (limitMs) => {
      routes.isStopping = true;
      await closeServer(server, limitMs);
    },
  };
}

class Routes {
  readonly #models: ServedModels;
  readonly #options: ModelServerOptions;
  readonly #memory: BodyMemory;
  readonly #keyDigest: Buffer | undefined;
  isStopping = false;

  constructor(models: ServedModels, options: ModelServerOptions) {
    this.#models = models;
    this.#options = options;
    this.#memory = new BodyMemory(BODIES_AT_ONCE * options.maxBodyBytes);
    this.#keyDigest = options.apiKey === undefined ? undefined : digestOf(options.apiKey);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    if (this.isStopping) response.setHeader('connection', 'close');
    try {
      await this.#route(request, response);
    } catch (error) {
      const refusal = asOpenAiError(error);
      if (refusal === undefined) this.#options.logger.error('request failed', { url: request.url, error });
      refuse(request, response, refusal ?? new OpenAiError(500, 'Internal error', { type: 'server_error' }));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && path === '/health') {
      return sendJson(response, this.isStopping ? 503 : 200, { status: this.isStopping ? 'stopping' : 'ok' });
    }
    this.#checkKey(request);
    if (isRead && path === '/v1/models') {
      return sendJson(response, 200, { object: 'list', data: this.#models.list() });
    }
    const name = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
    if (isRead && name !== undefined) {
      const found = this.#models.list().find(({ id }) => id === decodeName(name));
      if (found !== undefined) return sendJson(response, 200, found);
    }
    if (path === '/v1/embeddings') {
      if (request.method === 'POST') return this.#embed(request, response);
      throw new OpenAiError(405, 'Embeddings are asked for by POST.', { headers: { allow: 'POST' } });
    }
    throw new OpenAiError(
      404,
      `Nothing is at ${path}; there is POST /v1/embeddings, GET /v1/models and GET /health.`,
      {
        code: 'not_found',
      },
    );
  }

  async #embed(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A browser asks before it sends this type to another origin, and is not answered: pages cannot use the service.
    if (request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
      throw new OpenAiError(415, 'The body has to be JSON: send content-type: application/json.');
    }
    const body = await readBody(request, { limitBytes: this.#options.maxBodyBytes, memory: this.#memory });
    const asked = parseEmbeddingsRequest(body);
    const model = await this.#models.open(asked.model, asked.dimension);
    const gone = new AbortController();
    const onClose = () => gone.abort(new OpenAiError(499, 'The client went away.'));
    response.once('close', onClose);
    const embedded = await model.batcher.embed(asked.texts, gone.signal);
    response.removeListener('close', onClose);
    sendJson(response, 200, embeddingsAnswer(asked, model.id, embedded));
  }

  /** Takes as long whatever is shown. @throws OpenAiError 401 */
  #checkKey(request: IncomingMessage): void {
    if (this.#keyDigest === undefined) return;
    const shown = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digestOf(shown), this.#keyDigest)) return;
    throw new OpenAiError(401, 'The API key is missing or wrong: send it as "Authorization: Bearer …".', {
      code: 'invalid_api_key',
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartError(
      `cannot listen on port ${port} of ${host} (${code}); choose another by --port or --host`,
      {
        cause: error,
      },
    );
  }
}
