import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orThrow } from '../../../src/client/index.ts';
import { docxParts, wordParagraph, zipOf } from '../../ingest/archives.ts';
import { encryptedPdf, pdfOf } from '../../ingest/pdfs.ts';
import { BadInputServer } from './BadInputServer.ts';

let server: BadInputServer;
/** Of a library whose texts the server embeds. */
const library = { name: 'filled from files' };
beforeAll(async () => {
  server = await BadInputServer.start({ ALCOVE_IMPORT_URLS: 'public' });
  orThrow(await server.client.createLibrary(library));
});
afterAll(() => server.close());

/** What became of each file of a job, by its name, when it has ended. */
async function outcome(id: string): Promise<readonly { name: string; code?: string; message?: string }[]> {
  const query = `query ($id: ID!) { job(id: $id) { state ... on ImportJob {
    files(first: 50) { edges { node { name error { code message } } } } } } }`;
  const job = async () => JSON.parse((await server.ask(query, { id })).text).data.job;
  await expect.poll(async () => (await job()).state, { timeout: 20_000 }).toMatch(/SUCCEEDED|FAILED/);
  type Edge = { node: { name: string; error: { code: string; message: string } | null } };
  return (await job()).files.edges.map(({ node: { name, error } }: Edge) => ({ name, ...error }));
}

describe('files', () => {
  describe('`..%2f`, absolute paths and names that are paths → nothing is there', () => {
    it.each([
      ['a path of the server', '/..%2f..%2fetc/passwd'],
      ['a path of the server, twice encoded', '/%252e%252e%252fetc%252fpasswd'],
      ['a library to be exported', '/libraries/..%2f..%2f..%2fetc%2fpasswd/export'],
      ['an absolute path', '/libraries/%2fetc%2fpasswd/export'],
      ['a path with NUL', '/libraries/whole%00.db/export'],
      ['a library that is the folder above', '/libraries/../export'],
    ])('%s', (_what, path) => {
      const headers = { 'x-alcove-csrf': '1' };
      return server.expectRefused(() => server.fetch(path, { headers }), { status: 404 });
    });

    it('and a library may be called so: no path is made of its name', async () => {
      const outside = () => readdirSync(tmpdir()).filter((name) => name.startsWith('alcove-escaped'));
      const name = '../../../../../../../../tmp/alcove-escaped';
      orThrow(await server.client.createLibrary({ name }));
      orThrow(await server.client.createDocument({ library: { name }, title: name, content: { text: 'x' } }));
      const address = `/libraries/${encodeURIComponent(name)}/export`;
      expect((await server.fetch(address, { headers: { 'x-alcove-csrf': '1' } })).status).toBe(200);
      expect(outside()).toEqual([]);
      await server.expectWhole();
    });
  });

  describe('`file://` and link-local or private addresses as sources → FORBIDDEN', () => {
    it.each(['file:///etc/passwd', 'ftp://example.com/a.md', 'gopher://127.0.0.1/'])('%s', async (url) => {
      const urls = [url];
      await server.expectRefused(
        async () => {
          const payload = await server.client.importUrls({ library, urls });
          return { status: 200, text: JSON.stringify(payload) };
        },
        { code: 'FORBIDDEN' },
      );
    });

    it('addresses of this machine and of its network', async () => {
      const urls = [
        'http://169.254.169.254/latest/meta-data',
        `${server.url}/health/live`,
        'http://localhost/',
        'http://[::1]/',
        'http://[::ffff:127.0.0.1]/',
        'http://0x7f.1/',
        'http://10.0.0.1/',
        'http://192.168.1.1/',
      ];
      const { job } = orThrow(await server.client.importUrls({ library, urls }));
      const files = await outcome(job.id);
      expect(files.map(({ code }) => code)).toEqual(urls.map(() => 'FORBIDDEN'));
      await server.expectWhole();
    });
  });

  it('encrypted, truncated or mislabelled PDF, zip slip → BAD_USER_INPUT naming the file', async () => {
    const pdf = await pdfOf([[{ text: 'A page of words, again and again.', y: 50 }]]);
    const slipping = zipOf([
      ...docxParts(wordParagraph('Words'), 'Title'),
      { name: '../../escaped.txt', content: 'x' },
    ]);
    const bad: Readonly<Record<string, Uint8Array>> = {
      'encrypted.pdf': encryptedPdf('secret', 'pass'),
      'truncated.pdf': pdf.subarray(0, pdf.length - 40),
      'mislabelled.pdf': Buffer.from('a plain text'),
      'picture.pdf': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      'slipping.docx': slipping,
      'empty.md': Buffer.alloc(0),
    };
    const files = Object.entries(bad).map(
      ([name, bytes]) => new File([Uint8Array.from(bytes)], `../${name}`),
    );
    const before = await server.written();
    const { job } = orThrow(await server.client.importFiles({ library, files }));
    for (const { name, code, message } of await outcome(job.id)) {
      expect({ name, code }).toEqual({ name, code: 'BAD_USER_INPUT' });
      expect(message).toContain(name.replace('../', ''));
    }
    await server.expectWhole();
    await expect.poll(() => server.written()).toEqual(before);
  });
});

// A file of every kind that is broken in every way: test/ingest/badFiles.test.ts. Redirects to private addresses, and names
// that mean another address a moment later: test/ingester/fetchSource.test.ts. A damaged backup: test/cli/commands.test.ts.
