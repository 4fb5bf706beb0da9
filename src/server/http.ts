import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLParams } from 'graphql-yoga';
import { keyEnded, OPEN_ACCESS } from '../access/Authenticator.ts';
import { AlcoveError } from '../errors.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { Spool } from '../store/Spool.ts';
import { measurements } from '../telemetry/Measurements.ts';
import { acceptedTypes } from './acceptedTypes.ts';
import { Admission } from './admission/Admission.ts';
import { authenticate, refusedKey } from './authenticate.ts';
import { BULK_IDLE_MS, BulkRoutes, type BulkRoutesOptions } from './BulkRoutes.ts';
import { closeServer } from './closeServer.ts';
import { applyOrigin } from './crossOrigin.ts';
import { closeStalled, endEvents, isEventStream } from './eventStreams.ts';
import { graphiqlPage } from './graphiql.ts';
import { HttpError } from './HttpError.ts';
import { KeyWatch } from './KeyWatch.ts';
import { landingPage } from './landingPage.ts';
import { isMultipart, readMultipart } from './multipart.ts';
import { refusedOrigin } from './originPolicy.ts';
import { type Observed, RequestObserver, type Route } from './RequestObserver.ts';
import type { RequestHead } from './RequestScope.ts';
import { BodyMemory } from './requestBody.ts';
import { readParameters } from './requestParameters.ts';
import { type Refusal, refuse, refuseUpgrade, sendJson, sendPage } from './responses.ts';
import { WayIn, type WayInOptions } from './WayIn.ts';
import { createWebSocketLayer, type WebSocketLayer } from './websocket.ts';
import { GRAPHQL_PATH, type Served } from './yoga.ts';

/** Time limits of a connection, in milliseconds. */
export interface HttpTimeouts {
  /** For a request's headers; later ones get 408. */
  readonly headersMs: number;
  /** For a whole request with its body, imports aside; later ones get 408. */
  readonly requestMs: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  /** How long the other end of an import or export may neither send nor take anything. */
  readonly bulkIdleMs: number;
  /** How long what an event stream has sent may wait to be read; then it is closed. */
  readonly stalledMs: number;
}

const DEFAULT_TIMEOUTS: HttpTimeouts = {
  headersMs: 10_000,
  requestMs: 120_000,
  keepAliveMs: 65_000,
  bulkIdleMs: BULK_IDLE_MS,
  stalledMs: 60_000,
};
/** How often connections are checked for the limits above. */
const TIMEOUT_CHECK_MS = 1_000;
/** Larger headers get 431. */
const MAX_HEADER_BYTES = 16_384;
/** Bodies of the largest size that are read at the same time; then memory is used up, and more get 429. */
const BODIES_AT_ONCE = 4;

/** The paths that metrics know by their names. */
const ROUTES: readonly string[] = ['/', GRAPHQL_PATH, '/health/live', '/health/ready'];

/** Whether requests can be served, and if not, why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason?: string;
}

export interface HttpOptions extends WayInOptions {
  readonly readiness: () => Readiness;
  readonly timeouts?: Partial<HttpTimeouts>;
  /** What imports and exports of rows work with; without it there are no such routes. */
  readonly bulk?: BulkRoutesOptions['services'];
  /** What the rates of callers are counted in together with other threads, of RateLimiter.memory; its own if left out. */
  readonly rates?: SharedArrayBuffer;
}

/** HTTP and WebSocket of one server thread. */
export interface HttpLayer {
  /** Not listening yet. */
  readonly server: Server;
  /** Stops accepting, tells subscribers, lets requests finish for up to `limitMs`, then ends what is left. */
  close(limitMs: number): Promise<void>;
}

/**
 * Routes: `/graphql`, `/libraries/…/import` and `/export`, `/health/live`, `/health/ready` and the landing page at `/`.
 * Everything else is 404.
 */
export function createHttpLayer(options: HttpOptions): HttpLayer {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const wayIn = new WayIn(options);
  const admission = new Admission(options.config, options.rates);
  const observer = new RequestObserver(options.config, options.logger);
  const watch = new KeyWatch(options);
  const webSockets = createWebSocketLayer(options, wayIn, { admission, watch, observer });
  const memory = new BodyMemory(BODIES_AT_ONCE * options.config.maxBodyBytes);
  const spool = new Spool(dataFolder.uploads(options.config.dataPath));
  const { bulk: services } = options;
  const bulk =
    services && new BulkRoutes({ ...options, services, watch, spool, idleMs: timeouts.bulkIdleMs });
  const streams = new Set<ServerResponse>();
  let stopping = false;

  const readiness = (): Readiness => (stopping ? { ready: false, reason: 'stopping' } : options.readiness());
  const serveGraphql = async (request: IncomingMessage, response: ServerResponse, observed: Observed) => {
    if (options.config.graphiql && isPageVisit(request))
      return sendPage(request, response, await graphiqlPage());
    if (applyOrigin(request, response, options.config) === 'answered') return;
    const head = headOf(request, options, observed, admission);
    const accepted = acceptedTypes(request);
    const place = await admission.admitRequest(request, response, head);
    const reading = {
      persisted: wayIn.persisted,
      onAccepted: () => {
        if (request.headers.expect) response.writeContinue();
      },
    };
    const answer = async (parameters: GraphQLParams) => {
      request.headers.accept = accepted;
      response.setHeader('cache-control', 'no-store');
      keep(response, streams, watch, head);
      await wayIn.answer(request, response, { parameters, head, place });
    };
    const { maxBodyBytes, maxUploadBytes } = options.config;
    if (!isMultipart(request))
      return answer(await readParameters(request, { limitBytes: maxBodyBytes, memory, ...reading }));
    const files = spool.incoming();
    try {
      const limitBytes = maxUploadBytes;
      await answer(
        await readMultipart(request, { files, limitBytes, principal: head.principal, ...reading }),
      );
    } finally {
      await files.discard();
    }
  };

  const route = async (request: IncomingMessage, response: ServerResponse, observed: Observed) => {
    response.setHeader('x-content-type-options', 'nosniff');
    if (stopping) response.setHeader('connection', 'close');
    const path = pathOf(request);
    if (bulk?.owns(path)) {
      if (applyOrigin(request, response, options.config) === 'answered') return;
      const head = headOf(request, options, observed, admission);
      (await admission.admitRequest(request, response, head)).release();
      return bulk.serve(request, response, head.principal);
    }
    limitTime(request, response, timeouts.requestMs);
    if (path === GRAPHQL_PATH) return serveGraphql(request, response, observed);
    return servePublic(request, response, path, readiness);
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const name = routeOf(pathOf(request), bulk);
    void observer.request(request, response, name, (observed) => route(request, response, observed));
  };

  const server = createListener(timeouts, options.config.maxConnections, admission);
  server.on('drop', () => options.logger.debug('connection refused', { limit: server.maxConnections }));
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  server.on('upgrade', upgradeListener(webSockets, options, admission));
  server.once('close', closeStalled(streams, timeouts.stalledMs));

  return {
    server,
    close: async (limitMs) => {
      stopping = true;
      webSockets.close();
      for (const response of streams) if (isEventStream(response)) endEvents(response, farewell());
      await closeServer(server, limitMs);
    },
  };
}

/** Has a response among those that are under way, until it is closed or the key ends. */
function keep(
  response: ServerResponse,
  streams: Set<ServerResponse>,
  watch: KeyWatch,
  { principal }: RequestHead,
): void {
  const unwatch = watch.watch(principal, () => endForKey(response));
  streams.add(response);
  response.once('close', () => {
    streams.delete(response);
    unwatch();
  });
}

/** A plain answer that is under way is finished: it began while the key was good. */
function endForKey(response: ServerResponse): void {
  if (isEventStream(response)) endEvents(response, keyEnded());
}

/** @throws HttpError 401; AlcoveError RateLimitedError for whoever is refused too often */
function headOf(
  request: IncomingMessage,
  { access = OPEN_ACCESS }: Served,
  observed: Observed,
  admission: Admission,
): RequestHead {
  const principal = authenticate(request, access, admission);
  if (principal.keyId !== null) observed.record?.note('key', principal.keyId);
  return { principal, ...observed };
}

/** Health and the landing page, which are open to everybody. @throws HttpError 404 for what is nowhere. */
function servePublic(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  readiness: () => Readiness,
): void | Promise<void> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && path === '/health/live') return sendJson(response, 200, { status: 'live' });
  if (isRead && path === '/health/ready') {
    const { ready, reason } = readiness();
    return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', reason });
  }
  if (isRead && path === '/') return sendPage(request, response, landingPage(request.headers.host));
  throw new HttpError(404, `nothing is at ${path}; GraphQL is at ${GRAPHQL_PATH}`, { code: 'NOT_FOUND' });
}

/** Tells of a server's connections, and of the queue before it, until it is closed. */
function tellLoad(server: Server, admission: Admission): void {
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
  });
  const forget = measurements.onSnapshot((set) => {
    const { running, queued, held, refused, rateLimited } = admission.figures;
    set('alcove_connections', ['http'], open);
    set('alcove_admission_requests', ['running'], running);
    set('alcove_admission_requests', ['queued'], queued);
    set('alcove_admission_requests', ['refused'], held);
    set('alcove_admission_refused_total', ['queue'], refused);
    set('alcove_admission_refused_total', ['rate'], rateLimited);
  });
  server.once('close', forget);
}

/** What a path is called in metrics: whatever callers make up has one name. */
function routeOf(path: string, bulk: BulkRoutes | undefined): Route {
  if (bulk?.owns(path)) return { name: '/libraries', operates: true };
  return { name: ROUTES.includes(path) ? path : '(other)', operates: path === GRAPHQL_PATH };
}

function createListener(
  { headersMs, keepAliveMs }: HttpTimeouts,
  maxConnections: number,
  admission: Admission,
): Server {
  const server = createServer({
    headersTimeout: headersMs,
    // Imports take as long as they take; everything else is given its time by `limitTime`.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  server.maxConnections = maxConnections;
  tellLoad(server, admission);
  return server;
}

function pathOf(request: IncomingMessage): string {
  const { url = '/' } = request;
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** Answers 408 to a request that has not been received whole in time, and ends the connection of one that has its answer already. */
function limitTime(request: IncomingMessage, response: ServerResponse, limitMs: number): void {
  const timer = setTimeout(() => {
    if (request.complete) return;
    if (response.writableEnded) return void request.socket.destroy();
    const message = `the request was not complete after ${limitMs / 1_000} seconds`;
    refuse(request, response, new HttpError(408, message));
  }, limitMs).unref();
  const stop = () => clearTimeout(timer);
  request.once('end', stop).once('close', stop);
  response.once('close', () => request.complete && stop());
}

function isPageVisit(request: IncomingMessage): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}

function farewell(): AlcoveError {
  return new AlcoveError(
    'ShuttingDownError',
    'The server is stopping. Subscribe again with the last cursor when it is back.',
  );
}

/** Hands over who may speak WebSocket, and tells others why they may not. */
function upgradeListener(webSockets: WebSocketLayer, served: Served, admission: Admission) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refusal = refusedUpgrade(request, served, admission);
    if (refusal) refuseUpgrade(socket, refusal);
    else webSockets.accept(request, socket, head);
  };
}

function refusedUpgrade(
  request: IncomingMessage,
  { config, access = OPEN_ACCESS }: Served,
  admission: Admission,
): Refusal | undefined {
  if (pathOf(request) !== GRAPHQL_PATH)
    return new HttpError(404, `WebSocket is at ${GRAPHQL_PATH}`, { code: 'NOT_FOUND' });
  const refused = refusedOrigin(request.headers, config);
  if (refused !== undefined) return new HttpError(403, refused);
  // Without a header the key may come with the first message.
  return request.headers.authorization === undefined ? undefined : refusedKey(request, access, admission);
}
