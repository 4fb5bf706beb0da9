import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { createYoga } from 'graphql-yoga';
import { parseConfig } from '../../src/config.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createHttpLayer } from '../../src/server/http.ts';
import { createLogger } from '../../src/telemetry/Logger.ts';
import { stubbedContext } from './stubbedContext.ts';
import type { TargetOrder } from './TargetOrder.ts';

/** A thread of a {@link Target} that is not the real server: they share its port, as server threads do. */
const { kind, answer, port } = workerData as TargetOrder & { readonly port: number };

/** What any server in JavaScript must do at the least: take the request in, parse it, and send bytes. */
function echo(): RequestListener {
  const bytes = Buffer.from(answer);
  return (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { query, variables } = JSON.parse(Buffer.concat(parts).toString());
      if (query === undefined || variables === undefined) throw new Error('expected an operation');
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    });
  };
}

/** Yoga as its documentation shows it, with Alcove's schema. */
function yoga(): RequestListener {
  return createYoga({ schema, context: () => stubbedContext(), logging: false, graphiql: false });
}

function serverOf(): Server {
  if (kind === 'echo') return createServer(echo());
  if (kind === 'yoga') return createServer(yoga());
  return createHttpLayer({
    schema,
    config: parseConfig({ ALCOVE_PORT: '0' }),
    contextFor: () => stubbedContext(),
    logger: createLogger('error'),
    readiness: () => ({ ready: true }),
  }).server;
}

const server = serverOf();
server.listen({ host: '127.0.0.1', port, reusePort: true, exclusive: true });
await once(server, 'listening');
parentPort?.postMessage((server.address() as AddressInfo).port);
