import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type ServerProcess, serve } from '../cli/alcove.ts';
import { CANARY } from './Known.ts';

const LIMIT_BYTES = '1048576';
/** Libraries that there are to be when operations begin. */
const LIBRARIES = 5;
const CHUNKS = 12;
/** Of a request that is turned away. */
const MAX_TRIES = 20;

/** What its own questions are answered. */
interface Asked {
  readonly libraries?: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly name: string } }[];
  };
  readonly knnSearch?: unknown;
}

/** A server in a process of its own, with a few libraries to work on and one that nothing must touch. */
export class FuzzedServer {
  readonly url: string;
  readonly #process: ServerProcess;

  private constructor(process: ServerProcess) {
    this.#process = process;
    this.url = process.url;
  }

  static async start(threads: number): Promise<FuzzedServer> {
    const server = new FuzzedServer(
      await serve([], {
        ALCOVE_THREADS: String(threads),
        ALCOVE_LOG: 'error',
        ALCOVE_MAX_BODY_BYTES: LIMIT_BYTES,
        ALCOVE_MAX_UPLOAD_BYTES: LIMIT_BYTES,
        ALCOVE_MAX_SUBSCRIPTIONS: '8',
        ALCOVE_INDEX_MEMORY_BYTES: '536870912',
      }),
    );
    await server.#createLibrary(CANARY.name, 'lib_canary-5f3a', [
      { id: CANARY.chunkId, text: 'still here', embedding: [1, 0, 0, 0] },
    ]);
    await server.furnish();
    return server;
  }

  get isAlive(): boolean {
    return this.#process.process.exitCode === null && this.#process.process.signalCode === null;
  }

  /** What it has logged: errors, so nothing where all is well. */
  get log(): string {
    return this.#process.output.error;
  }

  /** In bytes; 0 where the system does not say. */
  get memory(): number {
    try {
      const status = readFileSync(`/proc/${this.#process.process.pid}/status`, 'utf8');
      return 1_024 * Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
    } catch {
      return 0;
    }
  }

  /** Takes away what operations have left, and sets up what the next ones can find. */
  async furnish(): Promise<void> {
    const { libraries } = await this.#ask('{ libraries(first: 1000) { edges { node { id name } } } }');
    for (const { node } of libraries?.edges ?? []) {
      if (node.name === CANARY.name) continue;
      await this.#ask(
        `mutation ($id: ID!) { deleteLibrary(input: { library: { id: $id } }) { __typename } }`,
        {
          id: node.id,
        },
      );
    }
    for (let index = 0; index < LIBRARIES; index += 1) {
      const chunks = Array.from({ length: CHUNKS }, (_, at) => ({
        id: `chk_fuzz-${index * CHUNKS + at}`,
        text: `alpha recall chunk ${at}`,
        embedding: [index + 1, at, 1, 0.5],
        metadata: { year: 2_000 + at, tags: ['alpha'] },
      }));
      await this.#createLibrary(`fuzz-${index}`, `lib_fuzz-${index}`, chunks);
    }
  }

  /** Whether a good request is answered rightly, and what nothing was to touch is as it was. */
  async serves(): Promise<boolean> {
    try {
      const { knnSearch } = await this.#ask(
        `{ knnSearch(input: { library: { name: "${CANARY.name}" }, query: { vector: [1, 0, 0, 0] } }) {
          ... on KnnConnection { edges { node { id text document { id title } } } } } }`,
      );
      const document = { id: CANARY.documentId, title: CANARY.name };
      const expected = { edges: [{ node: { id: CANARY.chunkId, text: 'still here', document } }] };
      return JSON.stringify(knnSearch) === JSON.stringify(expected);
    } catch {
      return false;
    }
  }

  async stop(): Promise<number | null> {
    const status = this.isAlive ? await this.#process.stop() : this.#process.process.exitCode;
    rmSync(this.#process.dataPath, { recursive: true, force: true });
    return status;
  }

  async #createLibrary(name: string, id: string, chunks: readonly object[]): Promise<void> {
    const metadataFields = [
      { name: 'year', type: 'NUMBER' },
      { name: 'tags', type: 'STRING_LIST' },
      { name: 'name', type: 'STRING' },
      { name: 'published', type: 'DATE_TIME' },
      { name: 'open', type: 'BOOLEAN' },
    ];
    const embedding = { provider: 'EXTERNAL', model: 'test', dimension: 4, metric: 'COSINE' };
    await this.#ask(
      'mutation ($input: CreateLibraryInput!) { createLibrary(input: $input) { __typename } }',
      {
        input: { id, name, embedding, metadataFields },
      },
    );
    await this.#ask(
      'mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { __typename } }',
      {
        input: { library: { id }, id: id.replace('lib_', 'doc_'), title: name, content: { chunks } },
      },
    );
  }

  async #ask(query: string, variables: object = {}, tries = 1): Promise<Asked> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    // A server that has too much to do for the moment says when to come back.
    if (response.status === 503 && tries < MAX_TRIES) {
      await wait(1_000 * Number(response.headers.get('retry-after') ?? 1));
      return this.#ask(query, variables, tries + 1);
    }
    return ((await response.json()) as { data: Asked }).data;
  }
}
