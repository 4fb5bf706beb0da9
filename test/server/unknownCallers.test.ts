import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Access } from '../../src/access/Authenticator.ts';
import type { Role } from '../../src/access/Principal.ts';
import { AlcoveError } from '../../src/errors.ts';
import { RequestDeadline } from '../../src/server/admission/RequestDeadline.ts';
import { type Serving, serve } from './serving.ts';
import { tinySchema } from './tinySchema.ts';

/** Of what the other end is given to notice a refusal: more than two seconds, less than any other limit. */
const LINGERED_MS = 6_000;
const TOO_MUCH = 200_000;

const access: Access = {
  principalOf: (authorization) => {
    const role = /^Bearer (READ|WRITE)$/.exec(authorization ?? '')?.[1];
    if (role === undefined) throw new AlcoveError('UnauthenticatedError', 'This key is not known here.');
    return { keyId: role, name: role, role: role as Role, libraries: 'ALL' };
  },
  mayStay: () => true,
};
const servings: Serving[] = [];
const start = async (config: Parameters<typeof serve>[0]['config'] = {}) => {
  const serving = await serve({ schema: tinySchema(), access, config });
  servings.push(serving);
  return serving;
};
afterEach(async () => {
  await Promise.all(servings.splice(0).map((serving) => serving.close()));
});
const post = ({ url }: Serving, key: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: '{"query":"{ hello }"}',
  });
const socketOf = ({ url }: Serving) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  return socket;
};

describe('keys that are tried one after another', () => {
  it('are counted for their address, and are refused with 429 before long; a good key goes on', async () => {
    const serving = await start({ rate: { perSecond: 1, burst: 3 } });
    const statuses = [];
    for (let at = 0; at < 5; at += 1) statuses.push((await post(serving, 'wrong')).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const late = await post(serving, 'wrong');
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await post(serving, 'READ')).status).toBe(200);
  });

  it('are counted over WebSocket, too', async () => {
    const serving = await start({ rate: { perSecond: 1, burst: 2 } });
    const codes = [];
    for (let at = 0; at < 3; at += 1) {
      const socket = socketOf(serving);
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      const [code] = await once(socket, 'close');
      codes.push(code);
    }
    expect(codes).toEqual([4403, 4403, 1013]);
  });
});

describe('somebody who is not known', () => {
  it('is not read further when a WebSocket gets more than a first message, and a known one is', async () => {
    const serving = await start({ maxBodyBytes: 10 * TOO_MUCH });
    const unknown = socketOf(serving);
    await once(unknown, 'open');
    unknown.send(`{"type":"connection_init","payload":{"x":"${'x'.repeat(TOO_MUCH)}"}}`);
    const [code] = await once(unknown, 'close');
    expect([1006, 1009]).toContain(code);

    const known = socketOf(serving);
    await once(known, 'open');
    known.send('{"type":"connection_init","payload":{"authorization":"Bearer READ"}}');
    await once(known, 'message');
    const payload = {
      query: 'query ($name: String) { hello(name: $name) }',
      variables: { name: 'x'.repeat(TOO_MUCH) },
    };
    known.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
    expect(String((await once(known, 'message'))[0])).toContain('"next"');
    known.terminate();
  });

  it.each([
    [
      'a request whose body never comes',
      'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n',
      401,
    ],
    [
      'an upgrade elsewhere',
      'GET /elsewhere HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      404,
    ],
  ])(
    'does not hold a connection by %s',
    async (_what, bytes, status) => {
      const { port } = await start();
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      socket.on('error', () => {});
      const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('closed')));
      socket.write(bytes);
      await once(socket, 'data');
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      // Writing to a connection that the other end has given up ends it.
      const writing = setInterval(() => socket.write(' '), 500);
      const outcome = await Promise.race([closed, delay(LINGERED_MS, 'held')]);
      clearInterval(writing);
      socket.destroy();
      expect(outcome).toBe('closed');
    },
    15_000,
  );
});

it('files of somebody who may not import are refused before anything of them is read', async () => {
  const serving = await start();
  const send = (key: string) =>
    fetch(`${serving.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'x-alcove-csrf': '1',
        'content-type': 'multipart/form-data; boundary=b',
      },
      body: 'no multipart at all',
    });
  const refused = await send('READ');
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { kind: 'ForbiddenError' } }] });
  expect((await send('WRITE')).status).toBe(400);
});

it('a client that goes away ends its work by a CancelledError, which is no internal error', () => {
  const client = new AbortController();
  const [before, after] = [
    new RequestDeadline(1_000, client.signal),
    () => new RequestDeadline(1_000, client.signal),
  ];
  client.abort();
  for (const { signal } of [before, after()]) expect(signal.reason).toMatchObject({ kind: 'CancelledError' });
});
