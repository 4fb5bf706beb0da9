import { once } from 'node:events';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Serving, sendRaw, serve, statusOf } from './serving.ts';
import { tinySchema } from './tinySchema.ts';

const LIMIT_BYTES = 4_096;
const MAX_SUBSCRIPTIONS = 3;
let serving: Serving;
const live = { count: 0 };

beforeAll(async () => {
  serving = await serve({
    schema: tinySchema(),
    contextFor: ({ signal }) => ({ signal, total: { value: 0 }, live }),
    config: { maxBodyBytes: LIMIT_BYTES, maxSubscriptions: MAX_SUBSCRIPTIONS },
  });
});
afterAll(() => serving.close());

const url = () => `${serving.url.replace('http', 'ws')}/graphql`;
const open = async (protocol = 'graphql-transport-ws', origin?: string) => {
  const socket = new WebSocket(url(), protocol, origin === undefined ? {} : { origin });
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
};
const closeCode = async (socket: WebSocket): Promise<number> => (await once(socket, 'close'))[0];
const init = async (socket: WebSocket) => {
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
};
const subscribe = (socket: WebSocket, id: string, query: string, variables = {}) =>
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query, variables } }));
const nextMessage = async (socket: WebSocket) => JSON.parse(String((await once(socket, 'message'))[0]));

async function expectServing(): Promise<void> {
  const client = createClient({ url: url(), webSocketImpl: WebSocket });
  const counts = [];
  for await (const result of client.iterate({ query: 'subscription { count(to: 2) }' }))
    counts.push(result.data);
  expect(counts).toEqual([{ count: 1 }, { count: 2 }]);
  await client.dispose();
}

describe('bad WebSocket connections', () => {
  const rows: [what: string, misbehave: (socket: WebSocket) => void | Promise<void>, code: number][] = [
    ['no init in three seconds', () => {}, 4408],
    ['subscribe before the acknowledgement', (socket) => subscribe(socket, '1', '{ hello }'), 4401],
    [
      'a second init',
      async (socket) => {
        await init(socket);
        socket.send('{"type":"connection_init"}');
      },
      4429,
    ],
    [
      'an id that is in use',
      async (socket) => {
        await init(socket);
        subscribe(socket, '1', 'subscription { forever }');
        subscribe(socket, '1', 'subscription { forever }');
      },
      4409,
    ],
    ['junk', (socket) => socket.send('hello'), 4400],
    ['JSON that is no message', (socket) => socket.send('{"type":"dance"}'), 4400],
    ['a message that only servers send', (socket) => socket.send('{"type":"connection_ack"}'), 4400],
    ['bytes', (socket) => socket.send(Buffer.from([1, 2, 3])), 4400],
    ['a message over the limit', (socket) => socket.send('x'.repeat(LIMIT_BYTES + 1)), 1009],
  ];
  it.each(rows)(
    '%s is closed with its code, and the next connection is served',
    async (_what, misbehave, code) => {
      const socket = await open();
      const closed = closeCode(socket);
      await misbehave(socket);
      expect(await closed).toBe(code);
      await expectServing();
    },
  );

  it('the wrong subprotocol is closed with 4406', async () => {
    const upgrade = (protocol: string) =>
      `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: ${protocol}\r\n\r\n`;
    const answer = await sendRaw(serving.port, upgrade('graphql-ws'), 500);
    const frame = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1');
    const CLOSE_FRAME = 0x88;
    expect({ status: statusOf(answer), kind: frame[0], code: frame.readUInt16BE(2) }).toEqual({
      status: 101,
      kind: CLOSE_FRAME,
      code: 4406,
    });
    await expectServing();
  });

  it('a foreign origin is refused with 403 before there is a WebSocket; our own, loopback and none are served', async () => {
    const status = async (origin: string) => {
      const socket = new WebSocket(url(), 'graphql-transport-ws', { origin });
      const [, response] = await once(socket, 'unexpected-response');
      socket.on('error', () => {});
      socket.terminate();
      return response.statusCode;
    };
    expect(await status('https://evil.example')).toBe(403);
    expect(await status('null')).toBe(403);
    for (const origin of [serving.url, 'http://localhost:3000', undefined]) {
      (await open('graphql-transport-ws', origin)).terminate();
    }
  });

  it('another path is 404', async () => {
    const socket = new WebSocket(`${url()}s`, 'graphql-transport-ws');
    const [, response] = await once(socket, 'unexpected-response');
    socket.on('error', () => {});
    socket.terminate();
    expect(response.statusCode).toBe(404);
  });

  it('too many subscriptions get an error at the cap, and those before go on', async () => {
    const socket = await open();
    await init(socket);
    for (let id = 1; id <= MAX_SUBSCRIPTIONS + 1; id += 1)
      subscribe(socket, String(id), 'subscription { forever }');
    const errors: { id: string }[] = [];
    const seen = new Set<string>();
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'error') errors.push(message);
        else seen.add(message.id);
        if (errors.length > 0 && seen.size === MAX_SUBSCRIPTIONS) resolve();
      });
    });
    expect(errors.map(({ id }) => id)).toEqual([String(MAX_SUBSCRIPTIONS + 1)]);
    socket.terminate();
    await expect.poll(() => live.count).toBe(0);
  });

  it('a reader that stalls is closed at its buffer cap, and others are served meanwhile', async () => {
    const roomy = await serve({
      schema: tinySchema(),
      contextFor: ({ signal }) => ({ signal, live }),
      config: { maxSubscriptions: 100 },
    });
    const socket = connect(roomy.port, '127.0.0.1');
    const frame = (text: string) => {
      const payload = Buffer.from(text);
      const head = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
      return Buffer.concat([head, payload]);
    };
    socket.on('error', () => {});
    socket.write(
      'GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
    );
    await once(socket, 'data');
    socket.pause();
    const padded = (message: object) => frame(JSON.stringify(message).padEnd(200));
    socket.write(padded({ type: 'connection_init' }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let id = 0; id < 40; id += 1) {
      socket.write(
        padded({
          type: 'subscribe',
          id: `${id}`,
          payload: { query: 'subscription { large(bytes: 1000000) }' },
        }),
      );
    }
    await expect.poll(() => live.count, { timeout: 5_000 }).toBeGreaterThan(0);
    await expect.poll(() => live.count, { timeout: 10_000 }).toBe(0);
    socket.destroy();
    await roomy.close();
    await expectServing();
  });
});

describe('good WebSocket connections', () => {
  it('run queries, mutations and subscriptions for a client that was not written here', async () => {
    const client = createClient({ url: url(), webSocketImpl: WebSocket });
    const first = async (query: string) => {
      for await (const result of client.iterate({ query })) return result;
    };
    expect(await first('{ hello }')).toEqual({ data: { hello: 'hello world' } });
    expect(await first('mutation { add(n: 2) }')).toEqual({ data: { add: 2 } });
    expect(await first('{ refused }')).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    await expectServing();
    await client.dispose();
  });

  it('are told what is wrong with an operation, without what is meant for HTTP, and stay open', async () => {
    const socket = await open();
    await init(socket);
    for (const query of [
      '{ nothing }',
      '{',
      `{ hello(name: ${'['.repeat(2_000)}) }`,
      'subscription { refused }',
    ]) {
      subscribe(socket, '1', query);
      const message = await nextMessage(socket);
      expect({ query, type: message.type }).toEqual({
        query,
        type: query.includes('refused') ? message.type : 'error',
      });
      expect(JSON.stringify(message)).toContain('"code"');
      expect(JSON.stringify(message)).not.toContain('"http"');
    }
    socket.terminate();
  });

  it('end what produces events when a subscription is completed or the connection is lost', async () => {
    const socket = await open();
    await init(socket);
    subscribe(socket, '1', 'subscription { forever }');
    await expect.poll(() => live.count).toBe(1);
    socket.send('{"type":"complete","id":"1"}');
    await expect.poll(() => live.count).toBe(0);
    subscribe(socket, '2', 'subscription { forever }');
    await expect.poll(() => live.count).toBe(1);
    socket.terminate();
    await expect.poll(() => live.count).toBe(0);
  });

  it('abort the work of a query when the client completes it early or is lost', async () => {
    const socket = await open();
    await init(socket);
    subscribe(socket, '1', '{ untilAborted }');
    subscribe(socket, '2', '{ untilAborted }');
    await expect.poll(() => live.count).toBe(2);
    socket.send('{"type":"complete","id":"1"}');
    await expect.poll(() => live.count).toBe(1);
    socket.terminate();
    await expect.poll(() => live.count).toBe(0);
  });

  it('are told when the server goes away', async () => {
    const stopping = await serve({ schema: tinySchema() });
    const socket = new WebSocket(`ws://127.0.0.1:${stopping.port}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = closeCode(socket);
    await stopping.close();
    expect(await closed).toBe(1001);
  });
});
