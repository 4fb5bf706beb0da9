import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a provider's server got in one request. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Of a POST: its JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly texts: readonly string[];
}

/** What is done about a request instead of answering it well; undefined: nothing. */
export type Fault = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

export type Format = 'COHERE' | 'OPENAI' | 'OLLAMA';

/** What the texts of a request become, in the words of each provider. */
const ANSWERS: Readonly<Record<Format, (vectors: readonly (readonly number[])[]) => unknown>> = {
  COHERE: (vectors) => ({
    id: 'answer-1',
    embeddings: { float: vectors },
    texts: [],
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: vectors.length } },
  }),
  OPENAI: (vectors) => ({
    object: 'list',
    model: 'model',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: vectors.length, total_tokens: vectors.length },
  }),
  OLLAMA: (vectors) => ({
    model: 'model',
    embeddings: vectors,
    total_duration: 1,
    load_duration: 1,
    prompt_eval_count: vectors.length,
  }),
};

const PATHS: Readonly<Record<Format, string>> = {
  COHERE: '/v2/embed',
  OPENAI: '/v1/embeddings',
  OLLAMA: '/api/embed',
};

const BASES: Readonly<Record<Format, string>> = { COHERE: '/v2', OPENAI: '/v1', OLLAMA: '' };

/** A real server on loopback that speaks one provider's format. Its model counts letters: texts of the same letters are alike. */
export class ProviderServer {
  readonly requests: ReceivedRequest[] = [];
  /** Faults of the next requests, one each; then all is well. */
  readonly faults: (Fault | undefined)[] = [];
  /** What `GET /models` lists. */
  models: readonly Readonly<Record<string, unknown>>[] = [];
  dimension = 8;
  /** Texts of more words are refused, unless the request lets them be cut. */
  maxWords = Number.POSITIVE_INFINITY;
  /** The most requests that were under way at once. */
  peak = 0;
  readonly format: Format;
  readonly #server: Server;
  #underWay = 0;

  private constructor(format: Format) {
    this.format = format;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(format: Format): Promise<ProviderServer> {
    const server = new ProviderServer(format);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What an operator gives as the base URL. */
  get baseUrl(): string {
    return this.origin + BASES[this.format];
  }

  /** The variables with which Alcove uses this server. */
  get environment(): Readonly<Record<string, string>> {
    return {
      [`ALCOVE_${this.format}_BASE_URL`]: this.baseUrl,
      ...(this.format === 'OLLAMA' ? {} : { [`ALCOVE_${this.format}_API_KEY`]: 'test-key-1234567890' }),
    };
  }

  /** The vector of a text: how often each of its first letters occurs, and 1 for the text itself. */
  vectorOf(text: string, dimension = this.dimension): number[] {
    const counts = new Array<number>(dimension).fill(0);
    counts[0] = 1;
    for (const letter of text.toLowerCase()) {
      const at = letter.charCodeAt(0) - 96;
      if (at > 0 && at < dimension) counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts;
  }

  answerOf(vectors: readonly (readonly number[])[]): string {
    return JSON.stringify(ANSWERS[this.format](vectors));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.peak = Math.max(this.peak, ++this.#underWay);
    response.on('close', () => this.#underWay--);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const path = incoming.url ?? '';
    if (incoming.method === 'GET' && path.startsWith('/v1/models')) {
      send(response, 200, JSON.stringify({ object: 'list', data: this.models }));
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
    const texts = (body.texts ?? body.input ?? []) as readonly string[];
    const request = { path, headers: incoming.headers, body, texts };
    this.requests.push(request);
    const fault = this.faults.shift();
    if (fault !== undefined) {
      await fault(request, response);
      return;
    }
    if (!path.startsWith(PATHS[this.format])) {
      send(response, 404, JSON.stringify({ message: 'no such path' }));
      return;
    }
    this.embed(request, response);
  }

  /** Answers as it does when all is well. */
  embed({ texts, body }: ReceivedRequest, response: ServerResponse): void {
    const mayCut = body.truncate === 'END' || body.truncate === true;
    const words = texts.map((text) => text.split(/\s+/));
    if (!mayCut && words.some(({ length }) => length > this.maxWords)) {
      const message = `the input length exceeds the context length of ${this.maxWords} tokens`;
      send(
        response,
        400,
        JSON.stringify({ message, error: this.format === 'OLLAMA' ? message : { message } }),
      );
      return;
    }
    const wanted = body.output_dimension ?? body.dimensions ?? this.dimension;
    const read = words.map((of) => of.slice(0, this.maxWords).join(' '));
    send(response, 200, this.answerOf(read.map((text) => this.vectorOf(text, Number(wanted)))));
  }
}

/** Answers with a status, and with headers if there are some. */
export function failing(
  status: number,
  body: unknown = { message: 'No.', error: { message: 'No.' } },
  headers: Readonly<Record<string, string>> = {},
): Fault {
  return (_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    send(response, status, typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Answers so many bytes of what it began, and cuts the connection. */
export const cutOff: Fault = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
  response.write('{"data": [', () => response.destroy());
};

/** Answers with numbers without an end, until nobody listens any more. */
export const endless: Fault = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const numbers = `${'0.125,'.repeat(200_000)}`;
  const more = (): void => {
    while (!response.destroyed && response.write(numbers));
  };
  response.on('drain', more).write('{"data": [{"index": 0, "embedding": [');
  more();
};

/** Does not answer. */
export const silence: Fault = () => undefined;

export function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}
