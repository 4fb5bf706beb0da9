import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { streamBody } from '../../src/server/bodyStream.ts';

const IDLE_MS = 150;

describe('a body that is read as it comes', () => {
  /** Takes its time for every piece, and answers the bytes that came or the kind of error that ended them. */
  const server = createServer(async (request, response) => {
    let bytes = 0;
    try {
      for await (const chunk of streamBody(request, { idleMs: IDLE_MS, onAccepted: () => {} })) {
        bytes += chunk.length;
        await wait(Number(request.headers['x-wait-ms'] ?? 0));
      }
      response.end(String(bytes));
    } catch (error) {
      response.end(error instanceof AlcoveError ? error.kind : String(error));
    }
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function send(
    pieces: readonly Buffer[],
    headers: Record<string, string> = {},
    ends = true,
  ): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const post = request({ port, host: '127.0.0.1', method: 'POST', headers });
    post.on('error', () => {});
    for (const piece of pieces) post.write(piece);
    if (ends) post.end();
    const [response] = await once(post, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    post.destroy();
    return text;
  }

  it('is given up when its sender falls silent', async () => {
    expect(await send([Buffer.from('some')], {}, false)).toBe('TimeoutError');
  });

  it('may wait for its reader for as long as that takes', async () => {
    const pieces = [Buffer.alloc(65_536), Buffer.alloc(65_536)];
    expect(await send(pieces, { 'x-wait-ms': String(2 * IDLE_MS) })).toBe('131072');
  });

  it('is gunzipped; cut or broken gzip is told', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const gzipped = gzipSync(Buffer.alloc(100_000, 'row'));
    expect(await send([gzipped], headers)).toBe('100000');
    expect(await send([gzipped.subarray(0, -12)], headers)).toBe('UnreadableFileError');
    expect(await send([Buffer.from('no gzip')], headers)).toBe('UnreadableFileError');
  });
});
