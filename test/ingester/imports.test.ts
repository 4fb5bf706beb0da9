import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

const LIBRARY = { name: 'handbook' };

describe('an import of files', () => {
  let folder: string;
  let server: RunningServer;
  let client: AlcoveClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-imports-'));
    server = await startServer(
      parseConfig({ ALCOVE_DATA: folder, ALCOVE_PORT: '0', ALCOVE_LOG: 'error', ALCOVE_THREADS: '1' }),
    );
    client = createClient({ url: server.url });
    orThrow(await client.createLibrary(LIBRARY));
  });
  afterAll(async () => {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const page = (at: number, text = `# Chapter ${at}\n\nThe button number ${at} is red.`) =>
    new File([text], `handbook/chapter-${at}.md`);
  const follow = async (id: string) => {
    const events = [];
    for await (const event of client.followJob(id)) events.push(event);
    return events;
  };
  const importAll = async (files: readonly File[]) => {
    const { job } = orThrow(await client.importFiles({ library: LIBRARY, files }));
    const events = await follow(job.id);
    const last = events.at(-1)?.job;
    if (last?.__typename !== 'ImportJob') throw new Error('no import');
    return { events, ...last };
  };
  const outcomes = async (job: string) => {
    const page = await client.importedFiles({ job, first: 1_000 });
    return page?.edges.map(({ node }) => node) ?? [];
  };

  it('makes a document of each, tells how far it is, and they are found', async () => {
    const { events, counts, state, id } = await importAll(Array.from({ length: 30 }, (_, at) => page(at)));
    expect(state).toBe('SUCCEEDED');
    expect(counts).toMatchObject({ files: 30, written: 30, unchanged: 0, failed: 0, chunks: 30 });
    const phases = events.map(({ job }) => job.progress.phase);
    expect([...new Set(phases)].at(-1)).toBe('DONE');
    const done = events.map(({ job }) => job.progress.done);
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(done.at(-1)).toBe(30);
    const files = await outcomes(id);
    expect(files[7]).toMatchObject({
      name: 'handbook/chapter-7.md',
      state: 'WRITTEN',
      document: { title: 'Chapter 7' },
    });

    const found = orThrow(
      await client.knnSearch({ library: LIBRARY, query: { text: 'button number 7' }, k: 1 }),
    );
    expect(found.edges[0]?.node.text).toContain('number 7 is red');
  });

  it('leaves what is unchanged alone, and replaces what is not', async () => {
    const before = (await client.library(LIBRARY))?.revision;
    const again = await importAll([page(1), page(2, '# Chapter 2\n\nThe lever is green.'), page(3)]);
    expect(again.counts).toMatchObject({ files: 3, written: 1, unchanged: 2 });
    const library = await client.library(LIBRARY);
    expect(library?.counts).toMatchObject({ documents: 30, chunks: 30 });
    expect((library?.revision ?? '') > (before ?? '')).toBe(true);
  });

  it('says beforehand what is unchanged, by name, content, and where it is from', async () => {
    const digest = async (file: File, name = file.name) => ({
      name,
      sha256: createHash('sha256')
        .update(await file.bytes())
        .digest('hex'),
    });
    const files = [
      await digest(page(3)),
      await digest(page(4, 'something else'), page(4).name),
      await digest(page(99)),
      await digest(page(5), 'handbook/of another name.md'),
    ];
    expect(await client.unchangedFiles({ library: LIBRARY, files })).toEqual([page(3).name]);
    const from = { library: LIBRARY, files, sourceBase: 'https://example.com/' };
    expect(await client.unchangedFiles(from)).toEqual([]);
    expect(await client.unchangedFiles({ library: { name: 'none' }, files })).toEqual([]);
    expect(await client.unchangedFiles({ library: LIBRARY, files: [] })).toEqual([]);
  });

  it('takes in the good files of a batch in which others are bad', async () => {
    const { counts, state, id } = await importAll([
      page(40),
      new File([new Uint8Array([0xff, 0xfe, 0, 1, 2])], 'broken.txt'),
      new File(['x'], 'program.exe'),
      page(41),
    ]);
    expect(state).toBe('SUCCEEDED');
    expect(counts).toMatchObject({ written: 2, failed: 2 });
    const files = await outcomes(id);
    expect(files.map(({ state }) => state)).toEqual(['WRITTEN', 'FAILED', 'FAILED', 'WRITTEN']);
    expect(files[1]?.error?.code).toBe('BAD_USER_INPUT');
  });

  it('ends when it is cancelled: what is in stays in, and the rest does not come', async () => {
    const many = Array.from({ length: 60 }, (_, at) =>
      page(at, `# Long ${at}\n\n${'A sentence that is embedded. '.repeat(4_000)}`),
    ).map((file, at) => new File([file], `long/${at}.md`));
    const { job } = orThrow(await client.importFiles({ library: LIBRARY, files: many }));
    orThrow(await client.cancelJob({ id: job.id }));
    const last = (await follow(job.id)).at(-1)?.job;
    expect(last?.state).toBe('CANCELLED');
    const files = await outcomes(job.id);
    expect(files.filter(({ state }) => state === 'WAITING').length).toBeGreaterThan(0);
    expect(files.filter(({ state }) => state === 'FAILED')).toEqual([]);
    for (const { state, document } of files) expect(document !== null).toBe(state === 'WRITTEN');
  });

  it('refuses names that come twice, and files that are none', async () => {
    const twice = await client.importFiles({ library: LIBRARY, files: [page(1), page(1)] });
    expect(twice).toMatchObject({ __typename: 'InvalidArgumentError', path: ['input', 'files', '1'] });
    const none = await client.importFiles({ library: LIBRARY, files: [] });
    expect(none).toMatchObject({ __typename: 'InvalidArgumentError' });
    const lost = await client.importFiles({ library: { name: 'none' }, files: [page(1)] });
    expect(lost).toMatchObject({ __typename: 'LibraryNotFoundError' });
  });

  it('puts one file of a request into each library that names it', async () => {
    orThrow(await client.createLibrary({ name: 'copies' }));
    const query = `mutation ($files: [Upload!]!) {
      one: importFiles(input: { library: { name: "handbook" }, files: $files }) { ... on JobResult { job { id } } }
      other: importFiles(input: { library: { name: "copies" }, files: $files }) { ... on JobResult { job { id } } }
    }`;
    const body = new FormData();
    body.append('operations', JSON.stringify({ query, variables: { files: [null] } }));
    body.append('map', '{"0":["variables.files.0"]}');
    body.append('0', page(60), 'handbook/chapter-60.md');
    const request = { method: 'POST', headers: { 'x-alcove-csrf': '1' }, body };
    const { data } = (await (await fetch(`${server.url}/graphql`, request)).json()) as {
      data: Record<'one' | 'other', { job: { id: string } }>;
    };
    for (const { job } of [data.one, data.other]) {
      await follow(job.id);
      expect(await outcomes(job.id)).toMatchObject([{ state: 'WRITTEN', document: { title: 'Chapter 60' } }]);
    }
  });

  it('refuses metadata that the library does not declare, before anything is queued', async () => {
    const metadata = { year: 2026 };
    const payload = await client.importFiles({ library: LIBRARY, files: [page(61)], metadata });
    expect(payload).toMatchObject({
      __typename: 'InvalidMetadataError',
      path: ['input', 'metadata', 'year'],
      message: expect.stringContaining('"year" is not declared'),
    });
  });

  it('answers a request that is sent again with the job that it made', async () => {
    const input = { library: LIBRARY, files: [page(50)], idempotencyKey: 'batch-50' };
    const first = orThrow(await client.importFiles(input));
    const again = orThrow(await client.importFiles({ ...input, files: [page(50)] }));
    expect(again.job.id).toBe(first.job.id);
    const other = await client.importFiles({ ...input, files: [page(51)] });
    expect(other.__typename).toBe('IdempotencyConflictError');
    await follow(first.job.id);
  });

  it('fetches no URL unless the operator lets it', async () => {
    const payload = await client.importUrls({ library: LIBRARY, urls: ['https://example.com/a.md'] });
    expect(payload).toMatchObject({ __typename: 'ForbiddenError', code: 'FORBIDDEN' });
  });

  it('leaves no file in the spool', async () => {
    await expect.poll(() => readdirSync(join(folder, 'uploads'))).toEqual([]);
  });
});

describe('an import of URLs', () => {
  it('makes documents of what can be fetched, and says of the rest why not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'alcove-urls-'));
    const web = createServer((request, response) => {
      const isPage = request.url === '/guide';
      response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/markdown' });
      response.end(isPage ? '# The guide\n\nLevers are pulled gently.' : '');
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const settings = { ALCOVE_DATA: folder, ALCOVE_PORT: '0', ALCOVE_LOG: 'error', ALCOVE_THREADS: '1' };
    const results: unknown[] = [];
    for (const allowed of ['public', 'any']) {
      const server = await startServer(parseConfig({ ...settings, ALCOVE_IMPORT_URLS: allowed }));
      const client = createClient({ url: server.url });
      if (allowed === 'public') orThrow(await client.createLibrary(LIBRARY));
      const urls = [`${origin}/guide`, `${origin}/none`];
      const { job } = orThrow(await client.importUrls({ library: LIBRARY, urls }));
      for await (const { kind } of client.followJob(job.id)) if (kind === 'FINISHED') break;
      const files = await client.importedFiles({ job: job.id });
      results.push(
        files?.edges.map(({ node }) => [node.state, node.error?.__typename, node.document?.title]),
      );
      expect((await client.importUrls({ library: LIBRARY, urls: ['file:///etc/passwd'] })).__typename).toBe(
        'ForbiddenError',
      );
      expect(
        await client.importUrls({ library: LIBRARY, urls: [`${origin}/guide`, `${origin}/guide`] }),
      ).toMatchObject({
        __typename: 'InvalidArgumentError',
        path: ['input', 'urls', '1'],
      });
      expect(
        await client.importUrls({ library: LIBRARY, urls: [`${origin}/${'x'.repeat(5_000)}`] }),
      ).toMatchObject({
        path: ['input', 'urls', '0'],
        message: expect.stringMatching(/5\d\d\d characters as an address; expected 0 to 4096/),
      });
      await client.close();
      await server.close();
    }
    web.close();
    rmSync(folder, { recursive: true, force: true });
    expect(results).toEqual([
      [
        ['FAILED', 'ForbiddenError', undefined],
        ['FAILED', 'ForbiddenError', undefined],
      ],
      [
        ['WRITTEN', undefined, 'The guide'],
        ['FAILED', 'SourceUnavailableError', undefined],
      ],
    ]);
  });
});
