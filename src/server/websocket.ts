import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import {
  CloseCode,
  type Context as Connection,
  type ExecutionResult,
  handleProtocols,
  makeServer,
  type SubscribePayload,
} from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Access, OPEN_ACCESS } from '../access/Authenticator.ts';
import { ANYONE, type Principal } from '../access/Principal.ts';
import { AlcoveError } from '../errors.ts';
import { toGraphQLError } from '../graphql/errorMapping.ts';
import { measurements } from '../telemetry/Measurements.ts';
import type { Admission } from './admission/Admission.ts';
import type { Place } from './admission/RequestQueue.ts';
import { WaitingRoom } from './admission/WaitingRoom.ts';
import { credentialsIn } from './authenticate.ts';
import { HttpError } from './HttpError.ts';
import type { KeyWatch } from './KeyWatch.ts';
import type { PersistedOperations } from './operations/PersistedOperations.ts';
import type { RequestObserver } from './RequestObserver.ts';
import type { RequestHead, RequestScope } from './RequestScope.ts';
import { checkParameters } from './requestParameters.ts';
import type { WayIn } from './WayIn.ts';
import type { Served, Yoga } from './yoga.ts';

/** After this without a connection_init a connection is closed with 4408. */
const INIT_TIMEOUT_MS = 3_000;
/** Bytes that a connection may send before it is known whose it is; more closes it with 1009. */
const UNKNOWN_LIMIT_BYTES = 65_536;
/** A connection is pinged this often, and ended when it has not answered before the next ping. */
const PING_INTERVAL_MS = 12_000;
/** Bytes that may wait for one client to read them. Beyond, it is closed with 1013 and resumes with its cursor. */
const BUFFER_LIMIT_BYTES = 8 * 1_024 * 1_024;
/** How long a closing connection may take to say goodbye. */
const CLOSE_TIMEOUT_MS = 1_000;

const KEY_ENDED = 'The key was revoked, or has expired';

const GOING_AWAY = 1001;
const TOO_LARGE = 1009;
const TRY_AGAIN_LATER = 1013;

/** An operation that is running, what aborts it, and whether its client still waits for it. */
interface Running {
  readonly controller: AbortController;
  readonly place: Place;
  readonly isWanted: () => boolean;
  /** It has ended, however. */
  readonly end: () => void;
}

/** Of a connection: the client's address, its operations by id, and who it is. */
interface Extra {
  readonly address: string | undefined;
  readonly running: Map<string, Running>;
  readonly waitingRoom: WaitingRoom;
  /** The header of the request that opened it. */
  readonly authorization: string | undefined;
  readonly close: (code: number, reason: string) => void;
  /** From its first message on. */
  isKnown: boolean;
  principal: Principal;
  stopWatching: () => void;
}

/** GraphQL over WebSocket (graphql-transport-ws) for connections that the HTTP server hands over. */
export interface WebSocketLayer {
  /** Takes over an upgrade request that has been found fit. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client that the server goes away (1001), so that it comes back elsewhere or later. */
  close(): void;
}

/**
 * Close codes: 4400 junk, 4401 subscribe before the acknowledgement, 4403 a key that is refused or has ended, 4406 wrong
 * subprotocol, 4408 no init in time, 4409 an id in use, 4429 a second init, 1009 a message over the body limit, 1013 a reader too slow, 1001 shutdown.
 */
export function createWebSocketLayer(
  served: Served,
  { engine, persisted }: Pick<WayIn, 'engine' | 'persisted'>,
  {
    admission,
    watch,
    observer,
  }: { readonly admission: Admission; readonly watch: KeyWatch; readonly observer: RequestObserver },
): WebSocketLayer {
  const { config, logger, access = OPEN_ACCESS } = served;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: config.maxBodyBytes,
    handleProtocols,
  });
  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (connection) => letIn(connection, access, { watch, admission }),
    onSubscribe: (connection, id, payload) =>
      prepare(
        { engine, persisted, admission, observer, maxSubscriptions: config.maxSubscriptions },
        connection,
        id,
        payload,
      ),
    execute: (args) => inTrace(args, () => engine.getEnveloped(args.contextValue as object).execute(args)),
    subscribe: (args) =>
      inTrace(args, () => engine.getEnveloped(args.contextValue as object).subscribe(args)),
    onOperation: ({ extra }, id, _payload, _args, result) =>
      Symbol.asyncIterator in result ? abortable(result, extra.running.get(id)?.controller) : undefined,
    onNext: (_connection, _id, _payload, _args, { errors, ...rest }) =>
      ({ ...rest, ...(errors ? { errors: errors.map(formatted) } : {}) }) as FormattedExecutionResult,
    onError: (_connection, _id, _payload, errors) => errors.map(formatted),
    onComplete: ({ extra }, id) => abort(extra.running, id),
  });

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const extra = openedBy(socket, request);
    const { running } = extra;
    limitUnknown(socket, request.socket, extra);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) => {
          socket.on('message', (data, isBinary) => {
            const failed = (error: unknown) => {
              const reason = error instanceof Error ? error.name : 'binary';
              logger.info('websocket message refused', { reason });
              socket.close(CloseCode.BadRequest, 'Invalid message received');
            };
            if (isBinary) return failed('binary');
            handle(String(data)).catch(failed);
            abortUnwanted(running);
          });
        },
      },
      extra,
    );
    const stopPinging = keepAlive(socket);
    socket.on('error', (error) => logger.debug('websocket error', { error }));
    socket.once('close', (code, reason) => {
      stopPinging();
      extra.stopWatching();
      closed(code, String(reason)).catch((error: unknown) =>
        logger.error('websocket close failed', { error }),
      );
      abortUnwanted(running);
    });
  });

  const forget = measurements.onSnapshot((set) =>
    set('alcove_connections', ['websocket'], sockets.clients.size),
  );
  return {
    accept: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (accepted) =>
        sockets.emit('connection', accepted, request),
      ),
    close: () => {
      for (const socket of sockets.clients)
        end(socket, GOING_AWAY, 'Server is stopping; resume with the last cursor');
      sockets.close();
      forget();
    },
  };
}

function openedBy(socket: WebSocket, { headers, socket: { remoteAddress } }: IncomingMessage): Extra {
  return {
    address: remoteAddress,
    running: new Map(),
    waitingRoom: new WaitingRoom(socket),
    authorization: headers.authorization,
    close: (code, reason) => end(socket, code, reason),
    isKnown: false,
    principal: ANYONE,
    stopWatching: () => {},
  };
}

/** What a subscribe message meets. */
interface Layer {
  readonly engine: Yoga;
  readonly persisted: PersistedOperations;
  readonly admission: Admission;
  readonly observer: RequestObserver;
  readonly maxSubscriptions: number;
}

/** Finds out who a connection is, by its first message or else by the header of its request; closes it if that is nobody. */
function letIn(
  { connectionParams, extra }: Connection<Record<string, unknown>, Extra>,
  access: Access,
  { watch, admission }: { readonly watch: KeyWatch; readonly admission: Admission },
): boolean {
  try {
    extra.principal = access.principalOf(credentialsIn(connectionParams) ?? extra.authorization);
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    const isRefused = error.code === 'UNAUTHENTICATED' && !isTooOften(admission, extra.address);
    extra.close(isRefused ? CloseCode.Forbidden : TRY_AGAIN_LATER, error.message);
    return false;
  }
  extra.isKnown = true;
  extra.stopWatching = watch.watch(extra.principal, () => extra.close(CloseCode.Forbidden, KEY_ENDED));
  return true;
}

/** Whether an address has been refused more often than it may ask. */
function isTooOften(admission: Admission, address: string | undefined): boolean {
  try {
    admission.countRefused(address);
    return false;
  } catch {
    return true;
  }
}

type Prepared = ExecutionArgs | readonly GraphQLError[];

/** From a subscribe message to something that can be run, by the same steps and limits as over HTTP. */
async function prepare(
  { engine, persisted, admission, observer, maxSubscriptions }: Layer,
  connection: Connection<Record<string, unknown>, Extra>,
  id: string,
  payload: SubscribePayload,
): Promise<Prepared> {
  if (Object.keys(connection.subscriptions).length > maxSubscriptions) {
    return [
      refusal(
        `this connection holds ${maxSubscriptions} subscriptions already; complete some, or open another`,
      ),
    ];
  }
  const controller = new AbortController();
  const { end, ...observed } = observer.operation();
  const { principal } = connection.extra;
  if (principal.keyId !== null) observed.record?.note('key', principal.keyId);
  const isWanted = () => id in connection.subscriptions;
  // One that is not wanted any more when its turn comes gets no further.
  const isStillWanted = () => {
    if (!isWanted()) end('cancelled');
    return isWanted();
  };
  const head: RequestHead = { principal, ...observed };
  let place: Place | undefined;
  try {
    place = await connection.extra.waitingRoom.during(
      admission.admit(head, connection.extra.address, isStillWanted),
    );
    const { signal } = controller;
    const { schema, parse, validate, contextFactory } = engine.getEnveloped({ signal, head, place });
    const { query = '', variables = {}, operationName } = checkParameters(payload, persisted);
    const document = parse(query);
    const invalid = validate(schema, document) as readonly GraphQLError[];
    if (invalid.length > 0) {
      place.release();
      end('refused');
      return invalid;
    }
    const contextValue = await contextFactory();
    connection.extra.running.set(id, { controller, place, isWanted, end });
    return {
      schema,
      document,
      variableValues: variables,
      operationName: operationName ?? null,
      contextValue,
    };
  } catch (error) {
    place?.release();
    const isRefusal =
      error instanceof GraphQLError || error instanceof AlcoveError || error instanceof HttpError;
    end(isRefusal ? 'refused' : 'failed');
    if (error instanceof GraphQLError || error instanceof AlcoveError) return [toGraphQLError(error)];
    if (error instanceof HttpError) return [refusal(error.message, error.code)];
    throw error;
  }
}

/** Runs an operation as part of its trace, if it has one. */
function inTrace<T>({ contextValue }: ExecutionArgs, work: () => T): T {
  const { span } = contextValue as Pick<RequestScope, 'span'>;
  return span === undefined ? work() : span.run(work);
}

function refusal(message: string, code: HttpError['code'] = 'BAD_USER_INPUT'): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** The results of a subscription; when the client completes it, what produces them is aborted at once. */
function abortable(results: AsyncIterable<ExecutionResult>, controller: AbortController | undefined) {
  const inner = results[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => inner.next(),
    return: async () => {
      controller?.abort();
      await inner.return?.();
      return { done: true as const, value: undefined };
    },
  };
}

function abort(running: Extra['running'], id: string): void {
  const operation = running.get(id);
  running.delete(id);
  operation?.controller.abort();
  operation?.place.release();
  operation?.end();
}

/** A client that completes an operation early, or closes, is not waited for: graphql-ws forgets the id at once. */
function abortUnwanted(running: Extra['running']): void {
  for (const [id, { isWanted }] of running) if (!isWanted()) abort(running, id);
}

/** As a client sees it: what is meant for HTTP is left out. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...shown } = error.toJSON();
  const { http: _http, ...rest } = extensions ?? {};
  return Object.keys(rest).length === 0 ? shown : { ...shown, extensions: rest };
}

/** Resolves when the bytes have left, so that a slow reader holds back what feeds it; closes one that lets too many pile up. */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > BUFFER_LIMIT_BYTES) {
    end(socket, TRY_AGAIN_LATER, 'Reader is too slow; resume with the last cursor');
    return Promise.resolve();
  }
  return new Promise((resolve) => socket.send(data, () => resolve()));
}

/** Closes, and does not wait long for a client that does not read. */
function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** Lets nobody have large messages held, and read, before it is known who sends them. */
function limitUnknown(socket: WebSocket, bytes: Duplex, extra: Pick<Extra, 'isKnown'>): void {
  let received = 0;
  const count = (chunk: Buffer) => {
    received += chunk.length;
    if (extra.isKnown) return void bytes.off('data', count);
    if (received <= UNKNOWN_LIMIT_BYTES) return;
    bytes.off('data', count);
    socket.pause();
    end(socket, TOO_LARGE, 'Too much before the connection was acknowledged');
  };
  bytes.on('data', count);
}

function keepAlive(socket: WebSocket): () => void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  return () => clearInterval(timer);
}
