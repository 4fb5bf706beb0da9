import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { KeyStore } from '../../src/access/KeyStore.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { type ServerProcess, serve } from '../cli/alcove.ts';
import { isTurnedAway } from './judge.ts';
import { CANARY } from './Known.ts';
import { MARK, OWN } from './LimitedKey.ts';

const LIMIT_BYTES = '1048576';
/** Libraries that there are to be when operations begin. */
const LIBRARIES = 5;
const CHUNKS = 12;
/** Of a request that is turned away. */
const MAX_TRIES = 20;
/** How often it is looked whether a server has come to rest, and for how long at most. */
const REST_TRIES = 100;
const REST_INTERVAL_MS = 100;

/** What its own questions are answered. */
interface Asked {
  readonly libraries?: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly name: string } }[];
  };
  readonly knnSearch?: unknown;
  readonly jobs?: { readonly edges: readonly { readonly node: { readonly state: string } }[] };
}

/** What there is to be found when nothing is being written. */
export interface Written {
  /** As JSON. */
  readonly data: string;
  readonly files: readonly string[];
}

/** A server in a process of its own, with a few libraries to work on and one that nothing must touch. */
export class FuzzedServer {
  readonly url: string;
  /** Of the one that may read the library OWN, and no other. */
  readonly limitedKey: string;
  readonly #process: ServerProcess;

  private constructor(process: ServerProcess) {
    this.#process = process;
    this.url = process.url;
    const keys = KeyStore.open(dataFolder.keys(process.dataPath));
    const draft = { name: 'limited', role: 'READ', libraries: [OWN.libraryId], expiresAt: null } as const;
    this.limitedKey = keys.create(draft).text;
    keys.close();
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
    const own = Array.from({ length: CHUNKS }, (_, at) => ({
      id: `chk_canary-own-5f3a-${at}`,
      text: `alpha recall chunk ${at}`,
      embedding: [1, at, 1, 0.5],
      metadata: { year: 2_000 + at, tags: ['alpha'] },
    }));
    await server.#createLibrary(OWN.name, OWN.libraryId, own);
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
      if (node.name === CANARY.name || node.name === OWN.name) continue;
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
        text: `alpha recall chunk ${at} ${MARK}`,
        embedding: [index + 1, at, 1, 0.5],
        metadata: { year: 2_000 + at, tags: ['alpha', MARK], name: MARK },
      }));
      await this.#createLibrary(`fuzz-${index}`, `lib_fuzz-${index}`, chunks);
    }
  }

  /** What is wrong with the answer to a good request, about what nothing was to touch; nothing where all is well. */
  async trouble(): Promise<string | undefined> {
    try {
      const { knnSearch } = await this.#ask(
        `{ knnSearch(input: { library: { name: "${CANARY.name}" }, query: { vector: [1, 0, 0, 0] } }) {
          ... on KnnConnection { edges { node { id text document { id title } } } } } }`,
      );
      const document = { id: CANARY.documentId, title: CANARY.name };
      const expected = { edges: [{ node: { id: CANARY.chunkId, text: 'still here', document } }] };
      const answered = JSON.stringify(knnSearch);
      return answered === JSON.stringify(expected) ? undefined : `answered ${answered}`;
    } catch (error) {
      return String(error);
    }
  }

  /**
   * All that a request could have written, when nothing is being written any more: every library and job as they are, and the files
   * that were sent. The server's revision is not among it: words of deleted libraries go in the background, for longer than
   * anybody should wait, and each step of that is a revision.
   */
  async written(): Promise<Written> {
    let before = await this.#written();
    for (let tries = 0; tries < REST_TRIES; tries += 1) {
      await wait(REST_INTERVAL_MS);
      const now = await this.#written();
      if (!now.isBusy && now.data === before.data) return now;
      before = now;
    }
    throw new Error(`a server that is asked nothing does not come to rest: ${before.data}`);
  }

  async #written(): Promise<Written & { readonly isBusy: boolean }> {
    const answered = await this.#ask(
      `{ jobs(first: 1000) { edges { node { id state } } }
         libraries(first: 1000) { edges { node { id name revision description counts { documents chunks } } } } }`,
    );
    const uploads = dataFolder.uploads(this.#process.dataPath);
    return {
      data: JSON.stringify(answered),
      files: readdirSync(uploads, { recursive: true, encoding: 'utf8' }),
      isBusy: answered.jobs?.edges.some(({ node }) => /QUEUED|RUNNING/.test(node.state)) ?? false,
    };
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
    const { status } = response;
    const text = await response.text();
    const retryAfter = response.headers.get('retry-after') ?? '';
    // A server that has too much to do for the moment says so, and when to come back. Nothing else is tried again.
    if (isTurnedAway({ status, text, retryAfter }) && tries < MAX_TRIES) {
      await wait(1_000 * Number(retryAfter));
      return this.#ask(query, variables, tries + 1);
    }
    if (status !== 200) throw new Error(`a good request is answered ${status}: ${text.slice(0, 500)}`);
    const { data, errors } = JSON.parse(text) as { data: Asked; errors?: unknown };
    if (errors !== undefined) throw new Error(`a good request is answered ${JSON.stringify(errors)}`);
    return data;
  }
}
