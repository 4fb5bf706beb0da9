import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXPOSITION_TYPE } from './exposition.ts';

/** Scrapes do not come thick; more connections than this are closed as they come. */
const MAX_CONNECTIONS = 32;
const TIMEOUT_MS = 10_000;

/** Serves `/metrics`, and nothing else, on a port of its own. */
export class MetricsServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens. Rejects when it cannot, as a server of node:http does. */
  static async listen(
    { host, port }: { readonly host: string; readonly port: number },
    metrics: () => Promise<string>,
  ): Promise<MetricsServer> {
    const server = createServer(
      { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS },
      (request, response) => {
        const path = (request.url ?? '/').split('?', 1)[0];
        const isRead = request.method === 'GET' || request.method === 'HEAD';
        if (path !== '/metrics') return void response.writeHead(404).end('metrics are at /metrics\n');
        if (!isRead) return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
        metrics().then(
          (text) =>
            response
              .writeHead(200, { 'content-type': EXPOSITION_TYPE, 'cache-control': 'no-store' })
              .end(request.method === 'HEAD' ? undefined : text),
          () => response.writeHead(500).end('metrics could not be gathered\n'),
        );
      },
    );
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(port, host);
    await once(server, 'listening');
    return new MetricsServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
