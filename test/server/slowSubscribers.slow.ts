import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../src/graphql/schema.ts';
import { TestApi } from '../graphql/TestApi.ts';
import { type Serving, serve } from './serving.ts';

/** Large enough that a few of them fill what lies between a server and a client that does not read. */
const TEXT = 'a'.repeat(1_000_000);
const EVENTS = 14;
const FOLLOW = `subscription ($after: String) {
  libraryEvents(library: { name: "followed" }, after: $after) { __typename cursor ... on ChunksWritten { chunkIds chunks { text } } }
}`;

interface Event {
  readonly __typename: string;
  readonly cursor: string | null;
  readonly chunkIds?: readonly string[];
}

let api: TestApi;
let serving: Serving;
beforeEach(async () => {
  api = await TestApi.start();
  await api.data('mutation { createLibrary(input: { name: "followed" }) { __typename } }');
  await api.data(
    'mutation { createDocument(input: { library: { name: "followed" }, id: "doc_1", title: "One" }) { __typename } }',
  );
  serving = await serve({
    schema,
    contextFor: ({ signal, principal, requestId }) => ({ ...api.context, signal, principal, requestId }),
    timeouts: { stalledMs: 400 },
  });
});
afterEach(async () => {
  await serving.close();
  await api.close();
});

/** One commit for each event, from the number on. */
async function write(from: number): Promise<void> {
  const mutation = `mutation ($id: ID!, $text: String!) {
    createChunks(input: { library: { name: "followed" }, chunks: [{ id: $id, documentId: "doc_1", text: $text }] }) { __typename }
  }`;
  for (let number = from; number < from + EVENTS; number++)
    await api.data(mutation, { id: `chk_${number}`, text: TEXT });
}

/** A subscriber by an event stream, which reads until it is told to stop. */
class Stream {
  readonly events: Event[] = [];
  isClosed = false;
  readonly #response: IncomingMessage;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const whole = text.split('\n\n');
      text = whole.pop() ?? '';
      for (const block of whole) {
        const data = /^data: (\{.*)$/m.exec(block)?.[1];
        if (data !== undefined) this.#take(JSON.parse(data));
      }
    });
    response
      .on('error', () => {})
      .once('close', () => {
        this.isClosed = true;
      });
  }

  /** The last that comes of one that is closed can be an error without data. */
  #take({ data }: { data?: { libraryEvents: Event } | null }): void {
    if (data) this.events.push(data.libraryEvents);
  }

  static async open(after?: string): Promise<Stream> {
    const sent = request(`${serving.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    sent.on('error', () => {});
    sent.end(JSON.stringify({ query: FOLLOW, variables: { after } }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return new Stream(response);
  }

  stop(): void {
    this.#response.pause();
  }

  readOn(): void {
    this.#response.resume();
  }

  destroy(): void {
    this.#response.destroy();
  }
}

const written = (events: readonly Event[]) => events.flatMap(({ chunkIds }) => chunkIds ?? []);
const all = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `chk_${from + at}`);

describe('a subscriber that has stopped reading', () => {
  it('of an event stream, is closed, while others read on; it resumes with its cursor and misses nothing', async () => {
    const [stalled, reading] = [await Stream.open(), await Stream.open()];
    await expect.poll(() => stalled.events.length + reading.events.length).toBe(2);
    stalled.stop();
    await write(0);
    await expect.poll(() => written(reading.events), { timeout: 15_000 }).toEqual(all(0, EVENTS));
    // It has to read again to notice that it has been closed.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    stalled.readOn();
    await expect.poll(() => stalled.isClosed, { timeout: 5_000 }).toBe(true);
    expect(reading.isClosed).toBe(false);

    const seen = written(stalled.events);
    expect(seen.length).toBeLessThan(EVENTS);
    const cursor =
      stalled.events.at(-1)?.cursor ?? `${Number((reading.events[1] as Event).cursor?.split('.')[0]) - 1}.0`;
    const resumed = await Stream.open(cursor);
    await expect
      .poll(() => [...seen, ...written(resumed.events)], { timeout: 15_000 })
      .toEqual(all(0, EVENTS));
    resumed.destroy();
    reading.destroy();
  });

  it('over WebSocket, is closed when too much waits for it, while others hear on; it resumes with its cursor and misses nothing', async () => {
    const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const events: Event[] = [];
    const subscribe = (id: string) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: FOLLOW } }));
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { id, type, payload } = JSON.parse(String(data));
      if (type === 'connection_ack')
        for (let number = 0; number < EVENTS; number++) subscribe(String(number));
      if (type === 'next' && id === '0') events.push(payload.data.libraryEvents);
    });
    const closed = once(socket, 'close');
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    const reading = await Stream.open();
    await expect.poll(() => events.length).toBe(1);
    await expect.poll(() => reading.events.length).toBe(1);
    socket.pause();
    await write(0);
    await expect.poll(() => written(reading.events), { timeout: 15_000 }).toEqual(all(0, EVENTS));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    socket.resume();
    await closed;
    expect(reading.isClosed).toBe(false);

    const seen = written(events);
    expect(seen.length).toBeLessThan(EVENTS);
    const last =
      events.at(-1)?.cursor ?? `${Number((reading.events[1] as Event).cursor?.split('.')[0]) - 1}.0`;
    const resumed = await Stream.open(last);
    await expect
      .poll(() => [...seen, ...written(resumed.events)], { timeout: 15_000 })
      .toEqual(all(0, EVENTS));
    resumed.destroy();
    reading.destroy();
  });
});
