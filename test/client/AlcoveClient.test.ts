import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AlcoveRequestError,
  createClient,
  decodeVector,
  encodeVector,
  isError,
  orThrow,
} from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

let folder: string;
let server: RunningServer;
const client = () => createClient({ url: server.url });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-client-'));
  server = await startServer(
    parseConfig({ ALCOVE_PORT: '0', ALCOVE_DATA: folder, ALCOVE_THREADS: '2', ALCOVE_LOG: 'error' }),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe('the client', () => {
  it('sends vectors that are Float32Arrays as base64, wherever they stand among the variables', async () => {
    const bodies: string[] = [];
    const alcove = createClient({
      url: server.url,
      fetch: (url, init) => {
        bodies.push(String(init?.body));
        return fetch(url, init);
      },
    });
    const library = { name: 'floats' };
    const embedding = { provider: 'EXTERNAL', model: 'rgb', dimension: 3, metric: 'EUCLIDEAN' } as const;
    orThrow(await alcove.createLibrary({ ...library, embedding }));
    const red = Float32Array.of(1, 0, 0.25);
    const { document } = orThrow(await alcove.createDocument({ library, title: 'rainbow' }));
    const chunks = [{ id: 'chk_float', documentId: document.id, text: 'red', embedding: red }];
    orThrow(await alcove.upsertChunks({ library, chunks }));
    const { edges } = orThrow(await alcove.knnSearch({ library, query: { vector: red }, k: 1 }));
    expect(edges).toMatchObject([{ distance: 0, node: { id: 'chk_float' } }]);
    const { results } = orThrow(await alcove.knnSearchBatch([{ library, query: { vector: red }, k: 1 }]));
    expect(results).toMatchObject([{ edges: [{ distance: 0 }] }]);
    expect(bodies.filter((body) => body.includes(`"${encodeVector(red)}"`))).toHaveLength(3);
    await alcove.close();
  });

  it('asks for operations by their hash if told to, and sends texts to a server that does not know it yet', async () => {
    const single = await startServer(
      parseConfig({
        ALCOVE_PORT: '0',
        ALCOVE_DATA: join(folder, 'single'),
        ALCOVE_THREADS: '1',
        ALCOVE_LOG: 'error',
      }),
    );
    const sent: { query?: string; extensions: { persistedQuery: { sha256Hash: string } } }[] = [];
    const alcove = createClient({
      url: single.url,
      persistedOperations: true,
      fetch: (url, init) => {
        sent.push(JSON.parse(String(init?.body)));
        return fetch(url, init);
      },
    });
    try {
      for (let time = 0; time < 12; time++) expect((await alcove.server()).version).toMatch(/^\d/);
      expect(new Set(sent.map(({ extensions }) => extensions.persistedQuery.sha256Hash)).size).toBe(1);
      const withText = sent.map(({ query }) => query !== undefined);
      expect(withText).toEqual([false, ...Array(8).fill(true), ...Array(4).fill(false)]);
      // What is wrong is told as ever.
      await expect(alcove.query({ toString: () => '{ nothing }' }, {})).rejects.toThrow(/nothing/);
    } finally {
      await alcove.close();
      await single.close();
    }
  });

  it('writes, reads, searches and deletes, each by a method of the operation’s name', async () => {
    const alcove = client();
    const by = { name: 'colours' };
    const { library } = orThrow(
      await alcove.createLibrary({
        name: 'colours',
        embedding: { provider: 'EXTERNAL', model: 'rgb', dimension: 3, metric: 'EUCLIDEAN' },
        metadataFields: [{ name: 'warm', type: 'BOOLEAN' }],
      }),
    );
    expect(library).toMatchObject({ name: 'colours', embedding: { dimension: 3 }, counts: { chunks: 0 } });
    const { document } = orThrow(await alcove.createDocument({ library: by, title: 'rainbow' }));

    const written = orThrow(
      await alcove.upsertChunks({
        library: by,
        chunks: [
          {
            id: 'chk_red',
            documentId: document.id,
            text: 'red',
            metadata: { warm: true },
            embedding: encodeVector([1, 0, 0]),
          },
          {
            id: 'chk_orange',
            documentId: document.id,
            text: 'orange',
            metadata: { warm: true },
            embedding: [1, 0.5, 0],
          },
          {
            id: 'chk_blue',
            documentId: document.id,
            text: 'blue',
            metadata: { warm: false },
            embedding: [0, 0, 1],
          },
        ],
      }),
    );
    expect(written.items.map(({ id, status }) => [id, status])).toEqual([
      ['chk_red', 'CREATED'],
      ['chk_orange', 'CREATED'],
      ['chk_blue', 'CREATED'],
    ]);

    const found = orThrow(
      await alcove.knnSearch({
        library: by,
        query: { vector: encodeVector(Float32Array.of(1, 0.4, 0)) },
        k: 5,
        filter: { metadata: [{ field: 'warm', is: { boolean: true } }] },
        minRevision: written.revision,
      }),
    );
    expect(found.edges.map(({ node }) => node.text)).toEqual(['orange', 'red']);
    expect(found.edges[0]?.node.document.title).toBe('rainbow');

    const red = await alcove.chunk('chk_red', { withEmbedding: true });
    expect(decodeVector(red?.embedding ?? [])).toEqual(Float32Array.of(1, 0, 0));
    expect((await alcove.chunks({ library: by, first: 2 }))?.pageInfo.hasNextPage).toBe(true);
    expect((await alcove.documents({ library: by }))?.totalCount).toBe(1);
    expect((await alcove.libraries({ nameContains: 'colo' })).edges).toHaveLength(1);
    expect(orThrow(await alcove.deleteChunks({ library: by, by: { ids: ['chk_red'] } })).deletedCount).toBe(
      1,
    );
    expect(orThrow(await alcove.deleteLibrary({ library: by })).deletedChunkCount).toBe(2);
    expect(await alcove.library(by)).toBeNull();
    expect((await alcove.server()).threads).toBe(2);
  });

  it('tells errors from successes by type', async () => {
    const payload = await client().knnSearch({ library: { name: 'nowhere' }, query: { text: 'x' } });
    expect(isError(payload)).toBe(true);
    expect(isError(payload) && payload.__typename).toBe('LibraryNotFoundError');
    expect(() => orThrow(payload)).toThrow(AlcoveRequestError);
    expect(() => orThrow(payload)).toThrow(
      expect.objectContaining({ kind: 'LibraryNotFoundError', code: 'NOT_FOUND' }),
    );
  });

  it('follows a job from its snapshot to its end, and can resume from a cursor', async () => {
    const alcove = client();
    orThrow(await alcove.createLibrary({ name: 'followed' }));
    orThrow(
      await alcove.createDocument({
        library: { name: 'followed' },
        title: 'one',
        content: { text: 'a text to be indexed' },
      }),
    );
    const { job } = orThrow(
      await alcove.reindex({ library: { name: 'followed' }, settings: { type: 'HNSW' } }),
    );
    const events = await all(alcove.followJob(job.id));
    expect(events.at(0)?.kind).toBe('SNAPSHOT');
    expect(events.at(-1)).toMatchObject({ kind: 'FINISHED', job: { state: 'SUCCEEDED' } });
    const resumed = await all(alcove.followJob(job.id, events.at(-2)?.cursor));
    expect(resumed.at(-1)?.job.state).toBe('SUCCEEDED');
    await alcove.close();
  });

  it('hears what happens in a library until it stops listening', async () => {
    const alcove = client();
    orThrow(await alcove.createLibrary({ name: 'heard' }));
    const events = alcove.libraryEvents({ name: 'heard' });
    expect((await events.next()).value?.__typename).toBe('LibrarySnapshot');
    orThrow(await alcove.createDocument({ library: { name: 'heard' }, title: 'news' }));
    expect((await events.next()).value?.__typename).toBe('DocumentCreated');
    const waiting = events.next();
    await events.return?.();
    expect((await waiting).done).toBe(true);
    await alcove.close();
  });

  it('throws what the server says of a subscription that it refuses', async () => {
    const alcove = client();
    await expect(alcove.followJob('job_none').next()).rejects.toMatchObject({
      name: 'AlcoveRequestError',
      code: 'NOT_FOUND',
    });
    await alcove.close();
  });

  it('says when there is no answer, and gives up when it is told to', async () => {
    const nobody = createClient({ url: 'http://127.0.0.1:9' });
    await expect(nobody.server()).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });

    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const waiting = createClient({ url: `http://127.0.0.1:${port}` }).server({
      signal: AbortSignal.timeout(50),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    silent.close();
    silent.closeAllConnections();
  });

  it('sends its headers with every request', async () => {
    const seen: unknown[] = [];
    const alcove = createClient({
      url: server.url,
      headers: async () => ({ 'x-tenant': 'a' }),
      fetch: (url, init) => {
        seen.push(new Headers(init?.headers).get('x-tenant'));
        return fetch(url, init);
      },
    });
    await alcove.server();
    expect(seen).toEqual(['a']);
  });
});
