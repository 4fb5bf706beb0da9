import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RerankBody {
  readonly model: string;
  readonly query: string;
  readonly documents: readonly string[];
  readonly top_n?: number;
}

type Answer = (body: RerankBody, response: ServerResponse, attempt: number) => void;

/** A server on loopback that speaks as Cohere's `/v2/rerank` does. */
export class CohereServer {
  readonly url: string;
  readonly bodies: RerankBody[] = [];
  readonly authorizations: (string | undefined)[] = [];
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async start(answer: Answer): Promise<CohereServer> {
    const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const body = JSON.parse(Buffer.concat(parts).toString()) as RerankBody;
      server.bodies.push(body);
      server.authorizations.push(request.headers.authorization);
      answer(body, response, server.bodies.length);
    };
    const http = createServer((request, response) => void listener(request, response));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const server = new CohereServer(`http://127.0.0.1:${port}/v2`, async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    });
    return server;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Answers with scores by the documents' numbers: the greater, the better. */
export function byNumber({ documents }: RerankBody, response: ServerResponse): void {
  const results = documents
    .map((text, index) => ({ index, relevance_score: Number(/\d+/.exec(text)?.[0] ?? 0) / 100 }))
    .sort((a, b) => b.relevance_score - a.relevance_score);
  json(response, 200, { id: 'x', results, meta: {} });
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
