import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

const LIBRARY = { name: 'letters' };
const DIMENSION = 8;

/** A vector by the first letters of a text. */
const vectorOf = (text: string): number[] =>
  Array.from({ length: DIMENSION }, (_, at) => 1 + (text.charCodeAt(at) || 0));

describe('documents whose embedder does not answer', () => {
  let folder: string;
  let provider: Server;
  let isDown = true;
  let asked = 0;
  let server: RunningServer;
  let client: AlcoveClient;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-pending-'));
    isDown = true;
    provider = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.method === 'GET') return void response.writeHead(404).end();
      asked += 1;
      if (isDown) return void response.writeHead(503, { 'content-type': 'application/json' }).end('{}');
      const { input } = JSON.parse(body) as { input: string[] };
      const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ object: 'list', model: 'm', data, usage: { prompt_tokens: 1, total_tokens: 1 } }),
      );
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    await start();
    orThrow(
      await client.createLibrary({
        ...LIBRARY,
        embedding: { provider: 'OPENAI', model: 'm', dimension: DIMENSION },
      }),
    );
  });
  afterEach(async () => {
    await client.close();
    await server.close();
    provider.closeAllConnections();
    provider.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async () => {
    const { port } = provider.address() as AddressInfo;
    server = await startServer(
      parseConfig({
        ALCOVE_DATA: folder,
        ALCOVE_PORT: '0',
        ALCOVE_LOG: 'error',
        ALCOVE_THREADS: '1',
        ALCOVE_EMBEDDING_RETRIES: '0',
        ALCOVE_OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
        ALCOVE_OPENAI_API_KEY: 'secret-of-the-test',
      }),
    );
    client = createClient({ url: server.url });
  };
  const write = (id: string, text: string, whenEmbedderFails?: 'WAIT' | 'FAIL') =>
    client.upsertDocument({
      library: LIBRARY,
      id,
      title: id,
      content: { text },
      ...(whenEmbedderFails ? { whenEmbedderFails } : {}),
    });
  const counts = async () => (await client.library(LIBRARY))?.counts;
  const state = async (id: string) => (await client.document(id))?.state;
  const found = async (text: string) =>
    orThrow(await client.knnSearch({ library: LIBRARY, query: { text }, k: 1 })).edges[0]?.node.text;

  it('are refused unless their caller lets them wait, and nothing of them is kept', async () => {
    expect((await write('doc_a', 'apples are red')).__typename).toBe('EmbedderError');
    expect(await client.document('doc_a')).toBeNull();
    expect(await counts()).toMatchObject({ documents: 0, chunks: 0, pendingDocuments: 0 });
  });

  it('wait, and are found when it answers again', async () => {
    const { document } = orThrow(await write('doc_a', 'apples are red', 'WAIT'));
    expect(document.state).toBe('PENDING_EMBEDDING');
    expect(await counts()).toMatchObject({ documents: 1, chunks: 0, pendingDocuments: 1 });
    isDown = false;
    await expect.poll(() => state('doc_a'), { timeout: 20_000 }).toBe('READY');
    expect(await counts()).toMatchObject({ documents: 1, chunks: 1, pendingDocuments: 0 });
    expect(await found('apples are red')).toBe('apples are red');
  });

  it('wait across a restart', async () => {
    orThrow(await write('doc_a', 'apples are red', 'WAIT'));
    await client.close();
    await server.close();
    isDown = false;
    await start();
    await expect.poll(() => state('doc_a'), { timeout: 20_000 }).toBe('READY');
    expect(await counts()).toMatchObject({ chunks: 1, pendingDocuments: 0 });
  });

  it('say what they said before until then, and are embedded as they were last told', async () => {
    isDown = false;
    orThrow(await write('doc_a', 'apples are red'));
    isDown = true;
    orThrow(await write('doc_a', 'bananas are blue', 'WAIT'));
    orThrow(await write('doc_a', 'bananas are yellow', 'WAIT'));
    const page = await client.chunks({ library: LIBRARY });
    expect(page?.edges.map(({ node }) => node.text)).toEqual(['apples are red']);
    orThrow(await client.updateDocument({ id: 'doc_a', title: 'Fruit' }));
    orThrow(
      await client.createChunks({
        library: LIBRARY,
        chunks: [{ id: 'chk_own', documentId: 'doc_a', text: 'by hand', embedding: vectorOf('by hand') }],
      }),
    );
    isDown = false;
    await expect.poll(() => state('doc_a'), { timeout: 20_000 }).toBe('READY');
    const after = await client.chunks({ library: LIBRARY });
    expect(after?.edges.map(({ node }) => node.text).sort()).toEqual(['bananas are yellow', 'by hand']);
    expect((await client.document('doc_a'))?.title).toBe('Fruit');
    expect(await counts()).toMatchObject({ documents: 1, chunks: 2, pendingDocuments: 0 });
  });

  it('are forgotten with the document, and give way to one that is written whole', async () => {
    orThrow(await write('doc_a', 'apples are red', 'WAIT'));
    orThrow(await client.deleteDocument({ id: 'doc_a' }));
    orThrow(await write('doc_b', 'berries are blue', 'WAIT'));
    expect(await counts()).toMatchObject({ documents: 1, pendingDocuments: 1 });
    orThrow(
      await client.upsertDocument({
        library: LIBRARY,
        id: 'doc_b',
        title: 'b',
        content: { chunks: [{ text: 'brought', embedding: vectorOf('brought') }] },
      }),
    );
    expect(await counts()).toMatchObject({ documents: 1, chunks: 1, pendingDocuments: 0 });
  });

  it('come from imports as well: the job ends, and they follow', async () => {
    const files = ['one', 'two', 'three'].map((word) => new File([`${word} is a number`], `${word}.txt`));
    const imported = async (whenEmbedderFails: 'WAIT' | 'FAIL') => {
      const { job } = orThrow(await client.importFiles({ library: LIBRARY, files, whenEmbedderFails }));
      for await (const event of client.followJob(job.id)) {
        if (event.kind === 'FINISHED' && event.job.__typename === 'ImportJob') return event.job.counts;
      }
      return undefined;
    };
    expect(await imported('FAIL')).toMatchObject({ failed: 3, written: 0, pending: 0 });
    expect(await imported('WAIT')).toMatchObject({ failed: 0, written: 0, pending: 3 });
    const before = asked;
    expect(await imported('WAIT')).toMatchObject({ pending: 3 });
    expect(await counts()).toMatchObject({ documents: 3, chunks: 0, pendingDocuments: 3 });
    // What waits already is not sent to the embedder once more by an import.
    expect(asked - before).toBeLessThan(3);
    isDown = false;
    await expect.poll(async () => (await counts())?.pendingDocuments, { timeout: 20_000 }).toBe(0);
    expect(await imported('FAIL')).toMatchObject({ unchanged: 3, failed: 0 });
    expect(await found('two is a number')).toBe('two is a number');
  });
});
