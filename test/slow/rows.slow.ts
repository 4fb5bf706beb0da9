import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { type ServerProcess, serve } from '../cli/alcove.ts';

/** Rows that pass through the server without leaving anything in an index, which would hide what the stream takes. */
const BODY_BYTES = 1_500_000_000;
const ROW_TEXT = 'x'.repeat(2_000);
const SAMPLE_MS = 100;
/** Of two batches, a parser and a garbage collector that takes its time; a tenth of what is sent. */
const MAX_GROWTH_BYTES = 200_000_000;

describe('a stream that is larger than any buffer', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await serve([], { ALCOVE_THREADS: '1' });
    const client = createClient({ url: server.url });
    const embedding = { provider: 'EXTERNAL', model: 'test', metric: 'EUCLIDEAN' } as const;
    orThrow(await client.createLibrary({ name: 'rows', embedding }));
  });
  afterAll(() => server.stop());

  const resident = () => {
    const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
  };

  /** Sends rows as fast as they are taken. Returns the last line of the answer, and the most memory that was seen. */
  async function send(row: string, bytes: number): Promise<{ summary: { read: number }; peak: number }> {
    const post = request(`${server.url}/libraries/rows/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const answered = once(post, 'response').then(async ([response]) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text = (text + chunk).slice(-2_000);
      return JSON.parse(text.trim().split('\n').at(-1) ?? '').summary;
    });
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, resident());
    }, SAMPLE_MS);
    const piece = Buffer.from(row.repeat(Math.ceil(1_048_576 / row.length)));
    for (let sent = 0; sent < bytes; sent += piece.length) {
      if (!post.write(piece)) await once(post, 'drain');
    }
    post.end();
    const summary = await answered;
    clearInterval(timer);
    return { summary, peak };
  }

  it('is held back, and takes the memory of a few batches', async () => {
    // The same chunk again and again changes nothing after the first time, and still is read, checked and submitted.
    const row = `${JSON.stringify({ id: 'chk_same', text: ROW_TEXT, embedding: [1, 2] })}\n`;
    const documents = `${JSON.stringify({ document: { id: 'doc_same', title: ROW_TEXT.slice(0, 1_000) } })}\n`;
    await send(row, 2_000_000);
    await send(documents, 50_000_000);
    const before = resident();
    const { summary, peak } = await send(documents, BODY_BYTES);
    console.log(
      `${summary.read} rows of ${BODY_BYTES / 1e6} MB: ${Math.round(before / 1e6)} MB before, ${Math.round(peak / 1e6)} MB at most`,
    );
    expect(summary.read).toBeGreaterThan(1_000_000);
    expect(peak - before).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
