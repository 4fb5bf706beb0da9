import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { Connection, ThreadedServer } from './ThreadedServer.ts';

/** So many connections that each of two threads has some, but for one chance in thousands. */
const CONNECTIONS = 14;
/** A thread takes a second to start; many seconds on a machine that has much else to do. */
const PATIENCE = { timeout: 40_000 };
const TEST_LIMIT_MS = 100_000;

vi.setConfig({ testTimeout: TEST_LIMIT_MS });

let folder: string;
let server: ThreadedServer;

/** A server for all tests of a block: more than five deaths in a minute would be too many for one. */
const withServer = () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-threads-'));
    server = await ThreadedServer.start(folder);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
};

const connections = () => Array.from({ length: CONNECTIONS }, () => new Connection(server.url));
/** How often the log has told of a thread that was replaced. */
const replaced = () => server.log.join('').split('starting another').length - 1;
const untilReplaced = (times: number) => expect.poll(replaced, PATIENCE).toBe(times);
const makeLibrary = async (name: string) => {
  const embedding = { provider: 'EXTERNAL', model: 'test', dimension: 4, metric: 'EUCLIDEAN' } as const;
  orThrow(await createClient({ url: server.url }).createLibrary({ name, embedding }));
};

it('has as many server threads as there are processors, unless it is told otherwise', () => {
  expect(parseConfig({}).threads).toBe(availableParallelism());
});

describe('a server thread that dies', () => {
  withServer();

  it('takes its own connections along, and no other request; another one takes its place, and a log line tells', async () => {
    const held = connections();
    await Promise.all(held.map((connection) => connection.ask('{ server { version } }')));
    let isOver = false;
    const broken = Promise.all(
      held.map(async (connection) => {
        for (;;) {
          try {
            await connection.ask('{ server { version } }');
          } catch {
            return 'BROKEN';
          }
          if (isOver) return 'WHOLE';
        }
      }),
    );
    server.terminateOne();
    await untilReplaced(1);
    await expect.poll(() => server.serving(), PATIENCE).toBe(2);
    isOver = true;
    const ends = await broken;
    expect(new Set(ends)).toEqual(new Set(['BROKEN', 'WHOLE']));
    const again = await Promise.all(
      connections().map((connection) => connection.ask('{ server { threads } }')),
    );
    expect(again).toEqual(again.map(() => ({ data: { server: { threads: 2 } } })));
    held.forEach((connection) => connection.close());
  });

  it('is replaced also when the one in its place dies before it serves', async () => {
    const before = replaced();
    server.makeNextSterile();
    server.terminateOne();
    await untilReplaced(before + 2);
    await expect.poll(() => server.serving(), PATIENCE).toBe(2);
    expect(await new Connection(server.url).ask('{ server { threads } }')).toEqual({
      data: { server: { threads: 2 } },
    });
  });

  it('leaves each command done once or not at all: a client repeats it with its key, and it is done once', async () => {
    await makeLibrary('written');
    const mutation = `mutation Write($input: CreateDocumentInput!) {
      createDocument(input: $input) { __typename ... on DocumentResult { document { title } } }
    }`;
    let isOver = false;
    let written = 0;
    const write = async (writer: number) => {
      let connection = new Connection(server.url);
      let repeats = 0;
      for (let number = 0; !isOver; number++) {
        const title = `${writer}/${number}`;
        const input = { library: { name: 'written' }, title, idempotencyKey: title };
        for (let isDone = false; !isDone; ) {
          try {
            const { data } = await connection.ask(mutation, { input });
            expect(data).toEqual({ createDocument: { __typename: 'DocumentResult', document: { title } } });
            isDone = true;
            written += 1;
          } catch (error) {
            if (!(error as NodeJS.ErrnoException).code) throw error;
            repeats += 1;
            connection.close();
            connection = new Connection(server.url);
            await wait(10);
          }
        }
      }
      connection.close();
      return repeats;
    };
    const writers = Promise.all(Array.from({ length: CONNECTIONS }, (_, writer) => write(writer)));
    const before = replaced();
    for (const deaths of [1, 2]) {
      server.terminateOne();
      await untilReplaced(before + deaths);
      await expect.poll(() => server.serving(), PATIENCE).toBe(2);
    }
    isOver = true;
    const repeated = (await writers).reduce((sum, repeats) => sum + repeats, 0);
    expect(repeated).toBeGreaterThan(0);
    const answers = await new Connection(server.url).ask(
      `{ library(by: { name: "written" }) { documents(first: 1) { totalCount } } }`,
    );
    // Each title is one key: what was answered is there, and nothing twice.
    expect(answers.data).toEqual({ library: { documents: { totalCount: written } } });
  });
});

describe('clients on all threads', () => {
  withServer();

  it('see every event once and in order, and go on where they were when their thread has died', async () => {
    await makeLibrary('followed');
    const clients = Array.from({ length: CONNECTIONS }, () => createClient({ url: server.url }));
    const followed = clients.map((client) => client.libraryEvents({ name: 'followed' }));
    for (const events of followed) expect((await events.next()).value?.__typename).toBe('LibrarySnapshot');
    const ids = Array.from({ length: 12 }, (_, number) => `doc_followed-${number}`);
    const seen = followed.map(async (events) => {
      const heard: string[] = [];
      while (heard.length < ids.length) {
        const { value } = await events.next();
        if (value?.__typename === 'DocumentCreated') heard.push(value.documentId);
      }
      return heard;
    });
    for (const [number, id] of ids.entries()) {
      if (number === 6) {
        server.terminateOne();
        await untilReplaced(1);
      }
      const writer = createClient({ url: server.url, headers: { connection: 'close' } });
      orThrow(
        await writer.createDocument({ library: { name: 'followed' }, id, title: `document ${number}` }),
      );
    }
    expect(await Promise.all(seen)).toEqual(seen.map(() => ids));
    for (const client of clients) await client.close();
  });

  it('can read a revision that any of them was answered, also while the writer has much to do', async () => {
    await makeLibrary('busy');
    const client = createClient({ url: server.url });
    const library = { name: 'busy' };
    const { document } = orThrow(await client.createDocument({ library, title: 'numbers' }));
    const chunk = (number: number) => ({
      documentId: document.id,
      text: `number ${number}`,
      embedding: [number, 1, 0, 0],
    });
    let isOver = false;
    const flood = Array.from({ length: 2 }, async (_, writer) => {
      for (let batch = 0; !isOver; batch++) {
        const chunks = Array.from({ length: 500 }, (_, row) => chunk(-1 - row - 500 * (batch * 2 + writer)));
        orThrow(await client.createChunks({ library, chunks }));
      }
    });
    const readers = connections();
    const query = `query Read($input: KnnSearchInput!) {
      knnSearch(input: $input) { ... on KnnConnection { edges { distance node { text } } } ... on Error { message } }
    }`;
    for (let number = 1; number <= 10; number++) {
      const { revision } = orThrow(await client.createChunks({ library, chunks: [chunk(1_000 * number)] }));
      const input = {
        library,
        query: { vector: [1_000 * number, 1, 0, 0] },
        k: 1,
        accuracy: { exact: true },
        minRevision: revision,
      };
      const answers = await Promise.all(readers.map((reader) => reader.ask(query, { input })));
      const found = { knnSearch: { edges: [{ distance: 0, node: { text: `number ${1_000 * number}` } }] } };
      expect(answers).toEqual(answers.map(() => ({ data: found })));
    }
    isOver = true;
    await Promise.all(flood);
    readers.forEach((reader) => reader.close());
    await client.close();
  });
});
