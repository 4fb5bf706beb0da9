import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeVector } from '../../src/client/index.ts';
import { BulkServer, lines } from './BulkServer.ts';

const DIMENSION = 3;
const PARQUET = 'application/vnd.apache.parquet';
const metadataFields = [
  { name: 'year', type: 'NUMBER' },
  { name: 'tags', type: 'STRING_LIST' },
  { name: 'from', type: 'DATE_TIME' },
  { name: 'kept', type: 'BOOLEAN' },
] as const;

/** Ids belong to one library of a server, so what is to be the same goes into another server. */
let one: BulkServer;
let other: BulkServer;
beforeAll(async () => {
  [one, other] = await Promise.all([
    BulkServer.start(),
    BulkServer.start({ ALCOVE_MAX_UPLOAD_BYTES: '1048576' }),
  ]);
});
afterAll(() => Promise.all([one.close(), other.close()]));

let count = 0;
const nextName = () => `export-${count++}`;
const create = (server: BulkServer, name: string) =>
  server.createLibrary(name, { metadataFields: [...metadataFields] });

/** Stands for all that a library says: the lines of its export, but for the order in which vectors came. */
async function contentHash(server: BulkServer, library: string): Promise<string> {
  const text = String(await server.export(library, '?format=ndjson&vectors=base64'));
  const documents = new Map<string, unknown>();
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { document, ...chunk } = JSON.parse(line);
      if (typeof document === 'object') documents.set(document.id, document);
      return JSON.stringify([chunk, typeof document === 'object' ? document.id : document]);
    });
  const known = [...documents.values()].map((document) => JSON.stringify(document));
  return createHash('sha256')
    .update([...known.sort(), ...rows.sort()].join('\n'))
    .digest('hex');
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((value) => !value.includes('\0') && value.isWellFormed());
const metadata = fc.record(
  {
    year: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    tags: fc.array(text, { maxLength: 3 }),
    from: fc.constant('2026-01-31T08:30:00.000Z'),
    kept: fc.boolean(),
  },
  { requiredKeys: [] },
);
const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }), {
  minLength: DIMENSION,
  maxLength: DIMENSION,
});
const chunk = fc.record(
  {
    text,
    embedding: vector,
    page: fc.integer({ min: 1, max: 99 }),
    headings: fc.array(text, { maxLength: 2 }),
    metadata,
    truncated: fc.constant(true),
  },
  { requiredKeys: ['text', 'embedding'] },
);
const document = fc.record(
  {
    title: text,
    author: text,
    sourceUrl: text,
    contentType: fc.constantFrom('text/plain', 'text/html'),
    metadata,
  },
  { requiredKeys: ['title'] },
);
const content = fc.array(fc.record({ document, chunks: fc.array(chunk, { maxLength: 4 }) }), {
  maxLength: 4,
});

function rowsOf(
  name: string,
  documents: readonly { document: object; chunks: readonly object[] }[],
): unknown[] {
  return documents.flatMap(({ document: fields, chunks }, at) => {
    const id = `doc_${name}-${at}`;
    const described = { ...fields, id };
    return [
      { document: described },
      ...chunks.map((each, index) => ({ id: `chk_${name}-${at}-${index}`, document: id, ...each })),
    ];
  });
}

describe('an export', () => {
  it.each([
    ['ndjson', 'application/x-ndjson', '?format=ndjson'],
    ['ndjson with lists', 'application/x-ndjson', '?format=ndjson&vectors=list'],
    ['parquet', PARQUET, '?format=parquet'],
  ])('that is imported as %s makes the same library', async (_format, type, query) => {
    await fc.assert(
      fc.asyncProperty(content, async (documents) => {
        const name = nextName();
        await Promise.all([create(one, name), create(other, name)]);
        const { summary, errors } = await one.import(name, lines(rowsOf(name, documents)));
        expect(errors).toEqual([]);
        expect(summary.complete).toBe(true);
        const exported = await one.export(name, query);
        const again = await other.import(name, exported, { type });
        expect(again).toMatchObject({ errors: [], summary: { complete: true, failed: 0 } });
        expect(await contentHash(other, name)).toBe(await contentHash(one, name));
        // And once more changes nothing.
        expect((await other.import(name, exported, { type })).summary).toMatchObject({ written: 0 });
      }),
      { numRuns: 12, seed: 4 },
    );
  });

  it('as .npy is the matrix of vectors, which goes in again', async () => {
    const name = nextName();
    await Promise.all([create(one, name), create(other, name)]);
    const vectors = Array.from({ length: 700 }, (_, row) => [row + 0.5, -row, 1]);
    await one.import(name, lines(vectors.map((embedding, row) => ({ id: `chk_${name}-${row}`, embedding }))));
    const matrix = await one.export(name, '?format=npy');
    expect(matrix.subarray(0, 6).toString('latin1')).toBe('\x93NUMPY');
    expect(matrix.subarray(10, 80).toString()).toContain("'shape': (700, 3)");
    const { summary } = await other.import(name, matrix, {
      type: 'application/x-npy',
      query: `?prefix=${name}`,
    });
    expect(summary).toMatchObject({ complete: true, written: 700 });
    expect(Buffer.compare(await other.export(name, '?format=npy'), matrix)).toBe(0);
  });

  it('of many rows comes in many row groups and pieces', async () => {
    const name = nextName();
    await Promise.all([create(one, name), create(other, name)]);
    const rows = Array.from({ length: 12_000 }, (_, row) => ({
      id: `chk_${name}-${row}`,
      document: `d ${row % 7}`,
      text: `row ${row}`,
      embedding: encodeVector([row, row % 10, 1]),
    }));
    await one.import(name, gzipSync(lines(rows)), { headers: { 'content-encoding': 'gzip' } });
    const { summary } = await other.import(name, await one.export(name, '?format=parquet'), {
      type: PARQUET,
    });
    expect(summary).toMatchObject({ complete: true, written: 12_000 });
    expect(await contentHash(other, name)).toBe(await contentHash(one, name));
  });

  it('leaves vectors out if asked', async () => {
    const name = nextName();
    await create(one, name);
    await one.import(name, lines([{ id: `chk_${name}`, text: 'a', embedding: [1, 2, 3] }]));
    expect(String(await one.export(name, '?vectors=none'))).not.toContain('embedding');
    expect(String(await one.export(name, '?vectors=list'))).toContain('"embedding":[1,2,3]');
  });

  it('of an empty library is empty in every format', async () => {
    const name = nextName();
    await create(one, name);
    expect(await one.export(name)).toHaveLength(0);
    expect((await one.export(name, '?format=npy')).toString('latin1')).toContain("'shape': (0, 0)");
    const { summary } = await other.import(await created(), await one.export(name, '?format=parquet'), {
      type: PARQUET,
    });
    expect(summary).toMatchObject({ complete: true, read: 0 });
  });
});

async function created(): Promise<string> {
  const name = nextName();
  await create(other, name);
  return name;
}

describe('an import of Parquet', () => {
  const write = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'], schema?: object[]) =>
    new Uint8Array(
      parquetWriteBuffer({ columnData, ...(schema ? { schema: schema as never } : {}), rowGroupSize: 2 }),
    );
  const embeddings = [
    { name: 'embedding', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'FLOAT', repetition_type: 'OPTIONAL' },
  ];

  it('takes columns of declared fields as metadata, and passes over rows dealt with', async () => {
    const name = await created();
    const table = write(
      [
        { name: 'id', data: [1, 2, 3] },
        { name: 'text', data: ['a', 'b', 'c'] },
        { name: 'year', data: [2024, 2025, 2026] },
        {
          name: 'embedding',
          data: [
            [1, 2, 3],
            [4, 5, 6],
            [7, null, 9],
          ],
        },
      ],
      [
        { name: 'root', num_children: 4 },
        { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
        { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'year', type: 'INT32', repetition_type: 'OPTIONAL' },
        ...embeddings,
      ],
    );
    const { summary, errors } = await other.import(name, table, {
      type: PARQUET,
      query: `?prefix=${name}&after=1`,
    });
    expect(errors).toMatchObject([{ line: 3, id: '3', error: { kind: 'InvalidVectorError' } }]);
    expect(summary).toMatchObject({ complete: true, read: 2, written: 1, resumeAfter: 3 });
    expect((await other.client.chunk(`chk_${name}-2`))?.metadata).toEqual({ year: 2025 });
  });

  it('refuses what is larger than the disk is to hold', async () => {
    const { status, refusal } = await other.import(await created(), new Uint8Array(2_000_000), {
      type: PARQUET,
    });
    expect([status, refusal?.kind]).toEqual([413, 'CapacityExceededError']);
  });

  it('lives through any damage, and says that there is some or reads what there is', async () => {
    const table = write([
      { name: 'id', data: Array.from({ length: 9 }, (_, row) => `chk_damage-${row}`), type: 'STRING' },
      { name: 'text', data: Array.from({ length: 9 }, (_, row) => `text ${row}`.repeat(20)), type: 'STRING' },
    ]);
    const name = nextName();
    await other.createLibrary(name, { embedding: { provider: 'BUILTIN' } });
    const damaged = fc.oneof(
      fc.nat(table.length - 1).map((length) => table.slice(0, length)),
      fc.tuple(fc.nat(table.length - 1), fc.integer({ min: 0, max: 7 })).map(([at, bit]) => {
        const flipped = table.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        return flipped;
      }),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (body) => {
        const { status, refusal, summary } = await other.import(name, body, { type: PARQUET });
        if (status === 200) expect(summary.complete || summary.error?.kind !== 'InternalError').toBe(true);
        else expect(['UnreadableFileError', 'CapacityExceededError']).toContain(refusal?.kind);
      }),
      { numRuns: 60, seed: 7 },
    );
    expect((await other.import(name, table, { type: PARQUET })).summary).toMatchObject({ complete: true });
  });

  it('leaves nothing in the folder of uploads', async () => {
    await expect.poll(() => readdirSync(join(other.folder, 'uploads'))).toEqual([]);
  });
});
