import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { networkOf } from '../../../src/server/admission/Admission.ts';
import { RateLimiter } from '../../../src/server/admission/RateLimiter.ts';
import { type Serving, serve } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';

const schema = tinySchema();
const servings: Serving[] = [];
const start = async (config: Parameters<typeof serve>[0]['config'], rates?: SharedArrayBuffer) => {
  const live = { count: 0 };
  const serving = await serve({
    schema,
    contextFor: ({ signal }) => ({ signal, total: { value: 0 }, live }),
    ...(config && { config }),
    ...(rates && { rates }),
  });
  servings.push(serving);
  return Object.assign(serving, { live });
};
afterEach(async () => {
  await Promise.all(servings.splice(0).map((serving) => serving.close()));
});

const post = (serving: Serving, query: string, init: RequestInit = {}) =>
  fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...init.headers },
    body: JSON.stringify({ query }),
    signal: init.signal ?? null,
  });
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const connect = async (serving: Serving) => {
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
};
const ask = (socket: WebSocket, id: string, query: string) =>
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query } }));
const nextMessage = async (socket: WebSocket) => JSON.parse(String((await once(socket, 'message'))[0]));

const SLOW = { perSecond: 1, burst: 2 };

describe('a rate limit', () => {
  it('answers one request too many with 429, when to come back, and a typed error that can be tried again', async () => {
    const serving = await start({ rate: SLOW });
    expect((await post(serving, '{ hello }')).status).toBe(200);
    expect((await post(serving, '{ hello }')).status).toBe(200);
    const refused = await post(serving, '{ hello }');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('at most 1 a second, up to 2 at once'),
          extensions: { code: 'RESOURCE_EXHAUSTED', kind: 'RateLimitedError', retryable: true },
        },
      ],
    });
  });

  it('is one limit, however many threads serve: they count in one memory', async () => {
    const rates = RateLimiter.memory();
    const [one, other] = [await start({ rate: SLOW }, rates), await start({ rate: SLOW }, rates)];
    expect((await post(one, '{ hello }')).status).toBe(200);
    expect((await post(other, '{ hello }')).status).toBe(200);
    expect((await post(one, '{ hello }')).status).toBe(429);
    expect((await post(other, '{ hello }')).status).toBe(429);
  });

  it('holds for each operation over WebSocket, which stays open', async () => {
    const serving = await start({ rate: SLOW });
    const socket = await connect(serving);
    const messages: { id: string; type: string }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    for (const id of ['1', '2', '3']) ask(socket, id, '{ hello }');
    await until(() => messages.some(({ id }) => id === '3'));
    expect(messages.filter(({ type }) => type === 'next')).toHaveLength(2);
    expect(messages.find(({ id }) => id === '3')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { kind: 'RateLimitedError', retryable: true } }],
    });
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });

  it('lets health be asked as often as anybody likes', async () => {
    const serving = await start({ rate: SLOW });
    for (let request = 0; request < 5; request++)
      expect((await fetch(`${serving.url}/health/ready`)).status).toBe(200);
  });

  it('counts an IPv6 network as one address, and an IPv4 address as itself', () => {
    expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:DB8:1:2:bbbb:cccc:dddd:eeee'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('::ffff:10.1.2.3')).toBe('10.1.2.3');
  });
});

describe('more requests than can be answered', () => {
  it('are refused at once with 503, while those that were admitted are all answered', async () => {
    const serving = await start({ queue: { maxRunning: 100, maxQueued: 10, maxWaitMs: 60_000 } });
    // The connections are there, so that the requests come all together.
    await Promise.all(Array.from({ length: 60 }, () => fetch(`${serving.url}/health/live`)));
    const answers = await Promise.all(Array.from({ length: 60 }, () => post(serving, '{ busy(ms: 10) }')));
    const refused = answers.filter(({ status }) => status === 503);
    const answered = answers.filter(({ status }) => status === 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(answered.length).toBeGreaterThanOrEqual(11);
    expect(answered.length + refused.length).toBe(60);
    for (const answer of answered) expect(await answer.json()).toEqual({ data: { busy: 10 } });
    for (const answer of refused) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(answer.headers.get('connection')).toBe('keep-alive');
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'RESOURCE_EXHAUSTED', kind: 'OverloadedError', retryable: true } }],
      });
    }
    expect(await (await post(serving, '{ hello }')).json()).toEqual({ data: { hello: 'hello world' } });
  });

  it('are refused over WebSocket by an error of the operation', async () => {
    const serving = await start({ queue: { maxRunning: 1, maxQueued: 0, maxWaitMs: 60_000 } });
    const socket = await connect(serving);
    ask(socket, 'long', '{ untilAborted }');
    await until(() => serving.live.count === 1);
    ask(socket, 'other', '{ hello }');
    expect(await nextMessage(socket)).toMatchObject({
      id: 'other',
      type: 'error',
      payload: [{ extensions: { kind: 'OverloadedError' } }],
    });
    socket.send('{"type":"complete","id":"long"}');
    await until(() => serving.live.count === 0);
    ask(socket, 'next', '{ hello }');
    expect(await nextMessage(socket)).toMatchObject({ id: 'next', type: 'next' });
    socket.terminate();
  });

  it('wait for those that run, whose places are free again when their clients have gone', async () => {
    const serving = await start({ queue: { maxRunning: 1, maxQueued: 10, maxWaitMs: 60_000 } });
    const gone = new AbortController();
    const first = post(serving, '{ untilAborted }', { signal: gone.signal }).catch(() => 'gone');
    await until(() => serving.live.count === 1);
    const second = post(serving, '{ hello }');
    gone.abort();
    expect(await first).toBe('gone');
    expect((await second).status).toBe(200);
  });
});

describe('subscriptions', () => {
  it('take no place of requests while they go on, over either transport', async () => {
    const serving = await start({ queue: { maxRunning: 1, maxQueued: 10, maxWaitMs: 60_000 } });
    const socket = await connect(serving);
    ask(socket, '1', 'subscription { forever }');
    await nextMessage(socket);
    const stop = new AbortController();
    const events = await post(serving, 'subscription { forever }', {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    });
    expect(events.status).toBe(200);
    await until(() => serving.live.count === 2);
    expect((await post(serving, '{ hello }')).status).toBe(200);
    stop.abort();
    socket.terminate();
    await until(() => serving.live.count === 0);
  });
});

describe('a request that takes longer than the server works on one', () => {
  it('is answered with a TimeoutError, and its work is told to stop', async () => {
    const serving = await start({ requestTimeoutMs: 50 });
    const late = await post(serving, '{ untilAborted }');
    expect(late.status).toBe(408);
    expect(await late.json()).toMatchObject({
      errors: [{ extensions: { code: 'TIMEOUT', kind: 'TimeoutError', retryable: true } }],
    });
    await until(() => serving.live.count === 0);
    expect((await post(serving, '{ hello }')).status).toBe(200);
  });

  it('is told so over WebSocket, too, and subscriptions go on', async () => {
    const serving = await start({ requestTimeoutMs: 50 });
    const socket = await connect(serving);
    ask(socket, 'stream', 'subscription { forever }');
    expect(await nextMessage(socket)).toMatchObject({ id: 'stream' });
    const messages: { id: string; type: string; payload: unknown }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    ask(socket, 'late', '{ untilAborted }');
    await until(() => messages.some(({ id }) => id === 'late'));
    expect(messages.find(({ id }) => id === 'late')).toMatchObject({
      payload: { errors: [{ extensions: { kind: 'TimeoutError' } }] },
    });
    const before = messages.length;
    await until(() => messages.slice(before).some(({ id }) => id === 'stream'));
    socket.terminate();
  });

  it('is not answered as if it were whole when it kept the thread busy beyond its time', async () => {
    const serving = await start({ requestTimeoutMs: 30 });
    const late = await post(serving, '{ busy(ms: 60) }');
    expect(late.status).toBe(408);
    expect(await late.json()).toMatchObject({ errors: [{ extensions: { kind: 'TimeoutError' } }] });
  });
});
