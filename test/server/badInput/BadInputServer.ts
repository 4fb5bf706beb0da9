import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../../src/client/index.ts';
import { type ServerProcess, serve } from '../../cli/alcove.ts';
import { sendRaw, statusOf } from '../serving.ts';

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What the page promises for a line: the status, the code of the error, or both. */
export interface Promised {
  readonly status?: number;
  readonly code?: string;
  /** What the error says. */
  readonly says?: RegExp;
}

/** The place in a program that something was thrown at. */
const STACK_TRACE = /\n\s+at .+:\d+:\d+|\\n\s+at .+:\d+:\d+|node:internal|node_modules/;
const JSON_HEADERS = { 'content-type': 'application/json' };

/** A whole server in a process of its own, with one library that bad requests are not to change. */
export class BadInputServer {
  readonly url: string;
  readonly port: number;
  readonly client: AlcoveClient;
  readonly library = { name: 'whole' };
  readonly documentId = 'doc_whole';
  readonly #process: ServerProcess;
  /** What its own requests bring, where it asks for a key. */
  readonly #credentials: Record<string, string>;

  private constructor(process: ServerProcess, apiKey: string | undefined) {
    this.#process = process;
    this.#credentials = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.url = process.url;
    this.port = Number(new URL(process.url).port);
    this.client = createClient({ url: process.url, ...(apiKey === undefined ? {} : { apiKey }) });
  }

  static async start(environment: Record<string, string> = {}): Promise<BadInputServer> {
    const server = new BadInputServer(
      await serve([], { ALCOVE_LOG: 'error', ...environment }),
      environment.ALCOVE_ADMIN_KEY,
    );
    const { client, library, documentId } = server;
    orThrow(
      await client.createLibrary({
        ...library,
        embedding: { provider: 'EXTERNAL', model: 'test', dimension: 2, metric: 'COSINE' },
        metadataFields: [{ name: 'year', type: 'NUMBER' }],
      }),
    );
    orThrow(
      await client.createDocument({
        library,
        id: documentId,
        title: 'all',
        content: {
          chunks: [
            { id: 'chk_a', text: 'a plain text', embedding: [1, 0], metadata: { year: 2024 } },
            { id: 'chk_b', text: '(a+)+$ %_* "quoted" \'; DROP TABLE chunks; --', embedding: [0, 1] },
          ],
        },
      }),
    );
    return server;
  }

  async close(): Promise<void> {
    await this.client.close();
    expect(await this.#process.stop()).toBe(0);
    rmSync(this.#process.dataPath, { recursive: true, force: true });
  }

  get dataPath(): string {
    return this.#process.dataPath;
  }

  /** Bytes of memory that the server's process holds; undefined where the system does not say. */
  get memory(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#process.process.pid}/status`, 'utf8');
      return 1_024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
    } catch {
      return undefined;
    }
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, init);
    return { status: response.status, text: await response.text() };
  }

  /** POSTs a body, as JSON unless it is a text or bytes already. */
  post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isWhole = typeof body === 'string' || body instanceof Uint8Array;
    const bytes = isWhole ? (body as string) : JSON.stringify(body);
    return this.fetch('/graphql', {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...this.#credentials, ...headers },
      body: bytes,
    });
  }

  ask(query: string, variables?: unknown): Promise<Answer> {
    return this.post({ query, ...(variables === undefined ? {} : { variables }) });
  }

  get(query: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.fetch(`/graphql?${new URLSearchParams({ query })}`, { headers });
  }

  /** Sends bytes as they are. */
  async raw(bytes: string | Buffer): Promise<Answer> {
    const text = await sendRaw(this.port, bytes);
    return { status: statusOf(text), text };
  }

  search(input: object = {}): Promise<Answer> {
    return this.ask(
      `query ($input: KnnSearchInput!) { knnSearch(input: $input) {
        __typename ... on KnnConnection { edges { node { id } } } ... on Error { code message path } } }`,
      { input: { library: this.library, query: { vector: [1, 0] }, ...input } },
    );
  }

  /**
   * That an answer is as promised, and what holds always: no 5xx, no stack trace, the process lives and has logged no
   * error, nothing is written, and the next good request is served.
   */
  async expectRefused(send: () => Promise<Answer>, promised: Promised): Promise<void> {
    const before = await this.written();
    const { status, text } = await send();
    const shown = { status, text: text.slice(0, 500) };
    expect(shown.text).not.toMatch(STACK_TRACE);
    expect(shown.status).toBeLessThan(500);
    if (promised.status !== undefined) expect(shown).toMatchObject({ status: promised.status });
    if (promised.code !== undefined) {
      const code = `"code":"${promised.code}"`;
      expect({ ...shown, text }).toMatchObject({ text: expect.stringContaining(code) });
    }
    if (promised.says) expect(text).toMatch(promised.says);
    await this.expectWhole();
    expect(await this.written()).toEqual(before);
  }

  /** That the server lives, has found no fault of its own, and serves. */
  async expectWhole(): Promise<void> {
    expect((await this.search()).text).toContain('"chk_a"');
    expect(this.#process.process.exitCode).toBeNull();
    expect(this.#process.output.error).toBe('');
  }

  /** All that a request could have written: the revision of every library, and files that were sent. */
  async written(): Promise<unknown> {
    const { text } = await this.ask(
      '{ libraries(first: 100) { edges { node { id revision counts { documents chunks } } } } }',
    );
    const { data } = JSON.parse(text) as { data: unknown };
    const files = readdirSync(this.#process.dataPath, { recursive: true, encoding: 'utf8' });
    return { data, uploads: files.filter((name) => name.startsWith(join('uploads', ''))) };
  }
}
