import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createClient, orThrow } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve } from '../cli/alcove.ts';

const SUBSCRIPTION = 'subscription { libraryEvents(library: { name: "followed" }) { __typename } }';
/** Longer than any test: whoever waits for it fails. */
const FOR_EVER_MS = '600000';

let server: ServerProcess;
afterEach(async () => {
  await server.stop('SIGKILL');
  rmSync(server.dataPath, { recursive: true, force: true });
});

async function followed(environment: Record<string, string>): Promise<void> {
  server = await serve([], environment);
  orThrow(await createClient({ url: server.url }).createLibrary({ name: 'followed' }));
}

/** A subscriber whose first event has come, and how the server parts from it. */
async function subscriber(): Promise<{ readonly closed: Promise<{ code: number; reason: string }> }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  socket.once('open', () => socket.send('{"type":"connection_init"}'));
  await new Promise<void>((resolve) =>
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'connection_ack')
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } }));
      if (type === 'next') resolve();
    }),
  );
  return { closed };
}

/** An event stream whose first event has come. */
async function stream(): Promise<{ rest(): Promise<string> }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: SUBSCRIPTION }),
  });
  const chunks = (response.body as ReadableStream<Uint8Array>)[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('LibrarySnapshot')) text += decoder.decode((await chunks.next()).value);
  const rest = async (): Promise<string> => {
    const { done, value } = await chunks.next();
    return done ? '' : decoder.decode(value) + (await rest());
  };
  return { rest };
}

const ready = () => fetch(`${server.url}/health/ready`);

describe('a server that is told to stop', () => {
  it('says first that it is not ready, and serves on until load balancers have looked', async () => {
    await followed({ ALCOVE_DRAIN_DELAY_MS: '1500', ALCOVE_THREADS: '2' });
    const [{ closed }, { rest }] = await Promise.all([subscriber(), stream()]);
    expect((await ready()).status).toBe(200);

    const ended = server.stop();
    await expect.poll(async () => (await ready()).status).toBe(503);
    expect(await (await ready()).json()).toMatchObject({ reason: 'stopping' });
    expect((await createClient({ url: server.url }).library({ name: 'followed' }))?.name).toBe('followed');

    expect(await closed).toEqual({ code: 1001, reason: 'Server is stopping; resume with the last cursor' });
    const farewell = await rest();
    expect(farewell).toContain('"kind":"ShuttingDownError"');
    expect(farewell).toContain('"retryable":true');
    expect(farewell).not.toContain('event: complete');
    expect(await ended).toBe(0);
  });

  it('does not wait beyond its limit for a request that does not come to an end', async () => {
    await followed({ ALCOVE_STOP_LIMIT_MS: '1000' });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {});
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    );
    expect(await server.stop()).toBe(0);
    socket.destroy();
  });

  it('ends at once when it is told so again', async () => {
    await followed({ ALCOVE_DRAIN_DELAY_MS: FOR_EVER_MS });
    const ended = server.stop();
    await expect.poll(async () => (await ready()).status).toBe(503);
    // A terminal's Ctrl-C comes several times at once: only a later one counts.
    const again = setInterval(() => server.process.kill('SIGTERM'), 300);
    expect(await ended).toBe(1);
    clearInterval(again);
  });
});

describe('a server with a variable that means nothing', () => {
  it('does not start, and names the one that was probably meant, but not what it held', async () => {
    const { status, error } = await alcove(['serve'], {
      ALCOVE_MAX_BODY_BYTE: '9',
      ALCOVE_COHERE_APIKEY: 'sesame',
      ALCOVE_SOMETHING_ELSE: '1',
    });
    expect(status).toBe(1);
    expect(error).toContain(
      'ALCOVE_MAX_BODY_BYTE: there is no such setting; did you mean ALCOVE_MAX_BODY_BYTES?',
    );
    expect(error).toContain('did you mean ALCOVE_COHERE_API_KEY?');
    expect(error).toMatch(/ALCOVE_SOMETHING_ELSE: there is no such setting \(docs/);
    expect(error).not.toContain('sesame');
  });

  it('passes over what Docker and Kubernetes set for a service of its name', async () => {
    server = await serve([], { ALCOVE_SERVICE_HOST: '10.0.0.1', ALCOVE_PORT_4400_TCP_ADDR: '10.0.0.1' });
    expect((await ready()).status).toBe(200);
  });
});
