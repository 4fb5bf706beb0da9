import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeVector } from '../../src/client/index.ts';
import { BulkServer, lines, npyDict, npyFile } from './BulkServer.ts';

let server: BulkServer;
beforeAll(async () => {
  server = await BulkServer.start({ ALCOVE_MAX_UPLOAD_BYTES: '65536' });
});
afterAll(() => server.close());

let count = 0;
async function library(input: Parameters<BulkServer['createLibrary']>[1] = {}): Promise<string> {
  const name = `library ${count++}`;
  await server.createLibrary(name, input);
  return name;
}

const row = (index: number) => ({
  id: `chk_${count}-${index}`,
  text: `row ${index}`,
  embedding: [index + 1, 0.5],
});
const rows = (howMany: number) => Array.from({ length: howMany }, (_, index) => row(index));

describe('an import of NDJSON', () => {
  it('writes rows with vectors as lists or base64, and says how many', async () => {
    const name = await library();
    const body = lines([row(0), { ...row(1), embedding: encodeVector([2, 0.25]) }]);
    const { summary, errors } = await server.import(name, body);
    expect(errors).toEqual([]);
    expect(summary).toMatchObject({
      complete: true,
      read: 2,
      written: 2,
      unchanged: 0,
      failed: 0,
      resumeAfter: 2,
    });
    const chunk = await server.client.chunk(row(1).id, { withEmbedding: true });
    expect(chunk).toMatchObject({ text: 'row 1', embedding: encodeVector([2, 0.25]) });
    expect((await server.client.library({ name }))?.counts).toMatchObject({ chunks: 2, documents: 1 });
  });

  it('changes nothing when it is run again', async () => {
    const name = await library();
    const body = lines(rows(1_500));
    expect((await server.import(name, body)).summary).toMatchObject({ written: 1_500 });
    const { summary } = await server.import(name, body);
    expect(summary).toMatchObject({ complete: true, read: 1_500, written: 0, unchanged: 1_500 });
  });

  it('embeds rows without a vector by the model of the library', async () => {
    const name = await library({ embedding: { provider: 'BUILTIN', metric: 'COSINE' } });
    const body = lines([{ text: 'the red button' }, { text: 'a blue lever', document: 'levers' }]);
    const { summary } = await server.import(name, body, { query: '?document=panel' });
    expect(summary).toMatchObject({ complete: true, written: 2 });
    const { edges } = (await server.client.knnSearch({
      library: { name },
      query: { text: 'button' },
      k: 1,
    })) as { edges: readonly { node: { text: string; document: { title: string } } }[] };
    expect(edges[0]?.node).toMatchObject({ text: 'the red button', document: { title: 'panel' } });
  });

  it('tells what is wrong with a line, and writes the others', async () => {
    const name = await library({ metadataFields: [{ name: 'year', type: 'NUMBER' }] });
    const bad: readonly [string, string, readonly string[]][] = [
      ['not json', 'UnreadableFileError', []],
      ['[1]', 'InvalidArgumentError', []],
      ['{"text": 5, "embedding": [1, 2], "id": "chk_x"}', 'InvalidArgumentError', ['text']],
      ['{"id": "chk_a", "text": "a"}', 'InvalidVectorError', ['embedding']],
      ['{"id": "chk_a", "embedding": [1, 2, 3]}', 'DimensionMismatchError', ['embedding']],
      ['{"id": "chk_a", "embedding": [1, null]}', 'InvalidVectorError', ['embedding']],
      ['{"id": "chk_a", "embedding": [1, 1e400]}', 'InvalidVectorError', ['embedding']],
      [
        `{"id": "chk_a", "embedding": "${encodeVector([1, Number.NaN])}"}`,
        'InvalidVectorError',
        ['embedding'],
      ],
      ['{"id": "sku 7", "embedding": [1, 2]}', 'InvalidArgumentError', ['id']],
      ['{"embedding": [1, 2]}', 'InvalidArgumentError', ['id']],
      ['{"id": {"toString": 2}, "embedding": [1, 2]}', 'InvalidArgumentError', ['id']],
      ['{"id": "chk_a", "embedding": [1, 2], "colour": "red"}', 'InvalidArgumentError', ['colour']],
      ['{"id": "chk_a", "embedding": [1, 2], "year": "now"}', 'InvalidMetadataError', ['metadata', 'year']],
      [
        '{"id": "chk_a", "embedding": [1, 2], "document": {"id": 1}}',
        'InvalidArgumentError',
        ['document', 'id'],
      ],
      ['{"id": "chk_a", "embedding": [1, 2], "text": "a\\u0000b"}', 'InvalidArgumentError', ['text']],
    ];
    const body = `${lines([row(0)])}\n${bad.map(([line]) => line).join('\n')}\n${lines([{ ...row(1), year: 2026 }])}`;
    const { summary, errors } = await server.import(name, body);
    expect(errors.map(({ line, error }) => [line, error?.kind, error?.path])).toEqual(
      bad.map(([, kind, path], index) => [index + 3, kind, path]),
    );
    expect(summary).toMatchObject({ complete: true, read: 17, written: 2, failed: 15 });
    expect((await server.client.chunk(row(1).id))?.metadata).toEqual({ year: 2026 });
  });

  it('takes the dimension from the first vector that is good, wherever the others stand', async () => {
    const name = await library();
    const wrong = { id: `chk_wrong-${count}`, embedding: [1, 2, 3] };
    const { summary, errors } = await server.import(name, lines([...rows(50), wrong]));
    expect(errors).toMatchObject([{ line: 51, id: wrong.id, error: { kind: 'DimensionMismatchError' } }]);
    expect(summary).toMatchObject({ complete: true, written: 50, failed: 1 });
  });

  it('keeps the last of rows with the same id', async () => {
    const name = await library();
    const body = lines([row(0), { ...row(0), text: 'second' }, { ...row(0), text: 'third' }]);
    expect((await server.import(name, body)).summary).toMatchObject({ written: 3, failed: 0 });
    expect((await server.client.chunk(row(0).id))?.text).toBe('third');
  });

  it('stops after too many failures, and says from where to go on', async () => {
    const name = await library();
    const body = lines([row(0), ...Array.from({ length: 3_000 }, () => ({ nothing: true }))]);
    const { summary, errors } = await server.import(name, body, { query: '?maxErrors=10' });
    expect(summary).toMatchObject({ complete: false, written: 1, error: { kind: 'CapacityExceededError' } });
    expect(errors).toHaveLength(10);
    expect(summary.resumeAfter).toBeLessThan(3_001);
  });

  it('passes over what has been dealt with', async () => {
    const name = await library();
    const { summary } = await server.import(name, lines(rows(10)), { query: '?after=7' });
    expect(summary).toMatchObject({ read: 3, written: 3, resumeAfter: 10 });
    expect(await server.client.chunk(row(6).id)).toBeNull();
  });

  it('makes ids of a prefix and the place of a row, or of what the row calls itself', async () => {
    const name = await library();
    const body = lines([{ embedding: [1, 2] }, { id: 4711, embedding: [3, 4] }]);
    const prefix = `p${count}`;
    await server.import(name, body, { query: `?prefix=${prefix}` });
    expect(await server.client.chunk(`chk_${prefix}-1`)).not.toBeNull();
    expect(await server.client.chunk(`chk_${prefix}-4711`)).not.toBeNull();
  });

  it('writes documents as rows say, also such as have no text', async () => {
    const name = await library();
    const id = `doc_${count}`;
    const document = { id, title: 'Handbook', author: 'Ada', sourceUrl: 'https://example.com/h' };
    await server.import(name, lines([{ ...row(0), document }, { document: { title: 'Empty' } }]));
    expect(await server.client.document(id)).toMatchObject({ title: 'Handbook', author: 'Ada' });
    await server.import(name, lines([{ ...row(0), document: { id, author: 'Grace' } }]));
    expect(await server.client.document(id)).toMatchObject({ title: 'Handbook', author: 'Grace' });
    expect((await server.client.library({ name }))?.counts.documents).toBe(2);
  });

  it('goes on where a cut connection has left it, without duplicates', async () => {
    const name = await library();
    const body = Buffer.from(lines(rows(6_000)));
    await sendPart(server.url, name, body.subarray(0, Math.floor(body.length / 2)), body.length);
    const before = (await server.client.library({ name }))?.counts.chunks ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(6_000);
    const { summary } = await server.import(name, body, { query: `?after=${before}` });
    expect(summary).toMatchObject({ complete: true, read: 6_000 - before, failed: 0 });
    expect((await server.client.library({ name }))?.counts.chunks).toBe(6_000);
  });

  it('takes gzip, and refuses what unfolds beyond measure', async () => {
    const name = await library();
    const headers = { 'content-encoding': 'gzip' };
    const good = gzipSync(lines(rows(100)));
    expect((await server.import(name, good, { headers })).summary).toMatchObject({ written: 100 });
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576, '\n'));
    const { status, refusal } = await server.import(name, bomb, { headers });
    expect([status, refusal?.kind]).toEqual([413, 'CapacityExceededError']);
    const cut = gzipSync(lines(rows(100))).subarray(0, -20);
    const told = await server.import(name, cut, { headers });
    expect(told.refusal?.kind ?? told.summary.error?.kind).toBe('UnreadableFileError');
  });

  it('refuses one line that is too long, whatever its length, and takes the next', async () => {
    const name = await library();
    const body = `{"id": "chk_long", "text": "${'x'.repeat(9_000_000)}"}\n${lines([row(0)])}`;
    const { summary, errors } = await server.import(name, body);
    expect(errors.map(({ line, error }) => [line, error?.kind])).toEqual([[1, 'UnreadableFileError']]);
    expect(summary).toMatchObject({ complete: true, written: 1, failed: 1 });
  });
});

/** Sends a part of a body, waits until something of it has gone in, and cuts the connection. */
function sendPart(url: string, library: string, part: Uint8Array, length: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /libraries/${encodeURIComponent(library)}/import HTTP/1.1\r\nhost: ${hostname}:${port}\r\n` +
      `content-type: application/x-ndjson\r\ncontent-length: ${length}\r\n\r\n`,
  );
  socket.write(part);
  return new Promise((resolve) => {
    socket.on('data', (data) => {
      if (String(data).includes('"progress"')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}

describe('an import of .npy', () => {
  const floats = (...numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer);
  const type = 'application/x-npy';

  it.each([
    ['<f4', (numbers: number[]) => floats(...numbers)],
    ['>f4', (numbers: number[]) => floats(...numbers).swap32()],
    ['<f8', (numbers: number[]) => Buffer.from(Float64Array.from(numbers).buffer)],
    ['>f8', (numbers: number[]) => Buffer.from(Float64Array.from(numbers).buffer).swap64()],
  ])('reads numbers of type %s', async (descr, write) => {
    const name = await library();
    const prefix = `npy${count}`;
    const body = npyFile(npyDict(descr, '(2, 3)'), write([1, 2, 3, 4, 5, 6.5]));
    const { summary } = await server.import(name, body, { type, query: `?prefix=${prefix}` });
    expect(summary).toMatchObject({ complete: true, written: 2, resumeAfter: 2 });
    const chunk = await server.client.chunk(`chk_${prefix}-2`, { withEmbedding: true });
    expect(JSON.stringify(chunk)).toContain(JSON.stringify(encodeVector([4, 5, 6.5])));
  });

  it('tells rows that are no vectors, and passes over those dealt with', async () => {
    const name = await library();
    const body = npyFile(npyDict('<f4', '(3, 2)'), floats(1, 2, Number.NaN, 3, 4, 5));
    const { errors, summary } = await server.import(name, body, { type, query: `?after=1&prefix=n${count}` });
    expect(errors).toMatchObject([{ line: 2, error: { kind: 'InvalidVectorError', path: ['embedding'] } }]);
    expect(summary).toMatchObject({ read: 2, written: 1, failed: 1 });
  });

  it.each([
    ['no magic', Buffer.from('hello, this is no such file')],
    ['nothing', Buffer.alloc(0)],
    ['Fortran order', npyFile(npyDict('<f4', '(1, 2)', 'True'), floats(1, 2))],
    ['whole numbers', npyFile(npyDict('<i4', '(1, 2)'), floats(1, 2))],
    ['half precision', npyFile(npyDict('<f2', '(1, 2)'), floats(1))],
    ['an object array', npyFile(npyDict('|O', '(1, 2)'), floats(1, 2))],
    ['one dimension', npyFile(npyDict('<f4', '(2,)'), floats(1, 2))],
    ['three dimensions', npyFile(npyDict('<f4', '(1, 2, 1)'), floats(1, 2))],
    [
      'a shape that overflows',
      npyFile(npyDict('<f4', '(9223372036854775807, 9223372036854775807)'), floats(1, 2)),
    ],
    ['a negative shape', npyFile(npyDict('<f4', '(-1, 2)'), floats(1, 2))],
    ['no columns', npyFile(npyDict('<f4', '(2, 0)'), floats())],
    ['code for a header', npyFile('__import__("os").system("true")', floats(1, 2))],
    ['a header that never ends', npyFile(`${npyDict('<f4', '(1, 2)')}${' '.repeat(20_000)}`, floats(1, 2))],
    ['too many bytes', npyFile(npyDict('<f4', '(1, 2)'), floats(1, 2, 3))],
  ])('refuses %s', async (_what, body) => {
    const { status, refusal } = await server.import(await library(), body, { type, query: '?prefix=bad' });
    expect([status, refusal?.kind]).toEqual([400, 'UnreadableFileError']);
  });

  it('keeps the rows before the end of a file that was cut', async () => {
    const name = await library();
    const body = npyFile(npyDict('<f4', '(4, 2)'), floats(1, 2, 3, 4, 5));
    const { summary } = await server.import(name, body, { type, query: `?prefix=cut${count}` });
    expect(summary).toMatchObject({ complete: false, written: 2, error: { kind: 'UnreadableFileError' } });
  });
});

describe('an import of Parquet', () => {
  it('gives up a small file that keeps its reader busy for ever, and serves meanwhile and afterwards', async () => {
    const columnData = [
      { name: 'id', data: ['chk_fuzz-1', 'chk_fuzz-2'], type: 'STRING' as const },
      { name: 'text', data: ['one', 'two'], type: 'STRING' as const },
    ];
    const whole = Buffer.from(parquetWriteBuffer({ columnData }));
    // A byte that ends the header of the first page before it says how long its levels are.
    const damaged = Buffer.concat([whole.subarray(0, 15), Buffer.alloc(1), whole.subarray(15)]);
    const name = await library({ embedding: { provider: 'BUILTIN', metric: 'COSINE' } });
    const type = 'application/vnd.apache.parquet';
    const importing = server.import(name, new Uint8Array(damaged), { type });
    expect((await server.client.library({ name }))?.counts).toMatchObject({ chunks: 0 });
    expect((await importing).refusal).toMatchObject({ kind: 'TimeoutError' });
    const { summary } = await server.import(name, new Uint8Array(whole), { type });
    expect(summary).toMatchObject({ complete: true, written: 2 });
  }, 60_000);
});

describe('a request to import', () => {
  const send = (path: string, init: RequestInit) => fetch(`${server.url}/libraries/${path}`, init);
  const type = { 'content-type': 'application/x-ndjson' };

  it.each([
    ['a library that is not there', 'nowhere/import', { method: 'POST', headers: type, body: '' }, 404],
    ['another method', 'nowhere/import', { headers: type }, 405],
    ['a form', 'nowhere/import', { method: 'POST', body: new URLSearchParams({ a: 'b' }) }, 415],
    ['plain text', 'nowhere/import', { method: 'POST', body: 'text' }, 415],
    [
      'bytes of no format',
      'nowhere/import',
      { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: 'x' },
      415,
    ],
    ['an unknown parameter', 'nowhere/import?aftre=1', { method: 'POST', headers: type, body: '' }, 400],
    ['a bad parameter', 'nowhere/import?after=-1', { method: 'POST', headers: type, body: '' }, 400],
    [
      'another encoding',
      'nowhere/import',
      { method: 'POST', headers: { ...type, 'content-encoding': 'br' }, body: '' },
      415,
    ],
    [
      'a foreign origin',
      'nowhere/import',
      { method: 'POST', headers: { ...type, origin: 'https://evil.example' } },
      403,
    ],
    ['a broken name', '%ff/import', { method: 'POST', headers: type, body: '' }, 400],
    ['an export by a link', 'nowhere/export', {}, 403],
    [
      'an export of a library that is not there',
      'nowhere/export',
      { headers: { 'x-alcove-csrf': '1' } },
      404,
    ],
    [
      'an export as something else',
      'nowhere/export',
      { headers: { 'x-alcove-csrf': '1', accept: 'image/png' } },
      406,
    ],
  ] as const)('refuses %s', async (_what, path, init, status) => {
    const response = await send(path, init as RequestInit);
    expect(response.status).toBe(status);
    expect((await response.json()).errors[0].message).toBeTypeOf('string');
  });
});
