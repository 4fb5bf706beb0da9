import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import type { Access } from '../../src/access/Authenticator.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import { createHttpLayer, type HttpTimeouts, type Readiness } from '../../src/server/http.ts';
import type { RegisteredOperations } from '../../src/server/operations/registeredOperations.ts';
import type { RequestScope } from '../../src/server/RequestScope.ts';
import { createLogger } from '../../src/telemetry/Logger.ts';

/** An HTTP layer that listens on a free port of loopback, and what it logged. */
export interface Serving {
  readonly url: string;
  readonly port: number;
  readonly logs: readonly Record<string, unknown>[];
  close(): Promise<void>;
}

export async function serve(options: {
  schema: GraphQLSchema;
  contextFor?: (scope: RequestScope) => object;
  config?: Partial<Config>;
  readiness?: () => Readiness;
  timeouts?: Partial<HttpTimeouts>;
  isShortWayOpen?: boolean;
  rates?: SharedArrayBuffer;
  registered?: RegisteredOperations;
  access?: Access;
}): Promise<Serving> {
  const logs: Record<string, unknown>[] = [];
  const layer = createHttpLayer({
    schema: options.schema,
    contextFor: options.contextFor ?? (({ signal }) => ({ signal, total: { value: 0 }, live: { count: 0 } })),
    config: { ...parseConfig({ ALCOVE_PORT: '0' }), ...options.config },
    logger: createLogger('debug', { write: (line) => logs.push(JSON.parse(line)) }),
    readiness: options.readiness ?? (() => ({ ready: true })),
    isShortWayOpen: options.isShortWayOpen ?? true,
    ...(options.rates ? { rates: options.rates } : {}),
    ...(options.registered ? { registered: options.registered } : {}),
    ...(options.access ? { access: options.access } : {}),
    ...(options.timeouts ? { timeouts: options.timeouts } : {}),
  });
  layer.server.listen(0, '127.0.0.1');
  await once(layer.server, 'listening');
  const { port } = layer.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, logs, close: () => layer.close(2_000) };
}

/** Sends bytes as they are, and answers (as latin1) all that came back until the server closed or `untilMs` passed. */
export async function sendRaw(port: number, bytes: string | Buffer, untilMs = 5_000): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('error', () => {});
  socket.write(bytes);
  socket.setTimeout(untilMs, () => socket.destroy());
  await once(socket, 'close');
  return Buffer.concat(received).toString('latin1');
}

/** The status of the first response in what {@link sendRaw} received. */
export function statusOf(response: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1]);
}
