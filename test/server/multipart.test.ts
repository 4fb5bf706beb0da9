import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_UPLOADED_FILES, Spool, SpooledFile } from '../../src/store/Spool.ts';
import { type Serving, sendRaw, serve, statusOf } from './serving.ts';

const LIMIT_BYTES = 300_000;

/** A schema that says what it was sent, and claims the files under a job's id when it is asked to. */
function uploadSchema(spool: Spool): GraphQLSchema {
  const Upload = new GraphQLScalarType({ name: 'Upload', parseValue: (value) => value });
  const files = { type: new GraphQLNonNull(new GraphQLList(Upload)) };
  const resolve = (_root: unknown, args: { files: SpooledFile[] }): string =>
    JSON.stringify(args.files.map((file) => [file instanceof SpooledFile, file]));
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: {
        look: { type: GraphQLString, args: { files }, resolve },
        keep: {
          type: GraphQLString,
          args: { files },
          resolve: async (_root, args: { files: SpooledFile[] }) => {
            await spool.claim('job_kept', args.files);
            return 'kept';
          },
        },
      },
    }),
  });
}

describe('a multipart request', () => {
  let folder: string;
  let uploads: string;
  let serving: Serving;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-multipart-'));
    uploads = join(folder, 'uploads');
    serving = await serve({
      schema: uploadSchema(new Spool(uploads)),
      config: { dataPath: folder, maxUploadBytes: LIMIT_BYTES },
    });
  });
  afterAll(async () => {
    await serving.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const inSpool = () => (existsSync(uploads) ? readdirSync(uploads) : []);
  const form = (files: readonly File[], change: (form: FormData) => void = () => {}, field = 'look') => {
    const body = new FormData();
    const query = `mutation ($files: [Upload]!) { ${field}(files: $files) }`;
    body.append('operations', JSON.stringify({ query, variables: { files: files.map(() => null) } }));
    body.append(
      'map',
      JSON.stringify(Object.fromEntries(files.map((_, at) => [at, [`variables.files.${at}`]]))),
    );
    for (const [at, file] of files.entries()) body.append(`${at}`, file, file.name);
    change(body);
    return body;
  };
  const send = (body: BodyInit, headers: Record<string, string> = { 'x-alcove-csrf': '1' }) =>
    fetch(`${serving.url}/graphql`, { method: 'POST', body, headers });

  it('brings files with the names that their sender gives them, whatever they look like', async () => {
    const names = ['../../etc/passwd', 'a/b c.md', 'Überblick.txt', 'x'.repeat(300)];
    const response = await send(
      form(names.map((name, at) => new File([`text ${at}`], name, { type: 'text/plain' }))),
    );
    const { data } = (await response.json()) as { data: { look: string } };
    expect(JSON.parse(data.look)).toEqual(
      names.map((name) => [
        true,
        { name, contentType: 'text/plain', bytes: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]),
    );
    await expect.poll(inSpool).toEqual([]);
  });

  it('leaves what somebody has claimed under the id of the job, and nothing else', async () => {
    const response = await send(
      form([new File(['one'], 'a.txt'), new File(['two'], 'b.txt')], undefined, 'keep'),
    );
    expect(await response.json()).toEqual({ data: { keep: 'kept' } });
    await expect.poll(inSpool).toEqual(['job_kept']);
    expect(readdirSync(join(uploads, 'job_kept'))).toEqual(['0', '1']);
    rmSync(join(uploads, 'job_kept'), { recursive: true });
  });

  const small = new File(['x'], 'x.txt');
  const large = new File([new Uint8Array(LIMIT_BYTES)], 'large.bin');
  const set = (name: string, value: string) => (body: FormData) => body.set(name, value);
  it.each<[what: string, body: () => BodyInit, status: number, headers?: Record<string, string>]>([
    ['without the header that a form cannot send', () => form([small]), 403, {}],
    [
      'from another origin',
      () => form([small]),
      403,
      { 'x-alcove-csrf': '1', origin: 'https://evil.example' },
    ],
    ['that says to be larger than it may', () => form([large]), 413],
    [
      'with more files than one request may bring',
      () => form(Array.from({ length: MAX_UPLOADED_FILES + 1 }, (_, at) => new File(['x'], `${at}`))),
      413,
    ],
    ['whose operations are missing', () => form([small], (body) => body.delete('operations')), 400],
    ['whose map is missing', () => form([small], (body) => body.delete('map')), 400],
    ['whose operations are no JSON', () => form([small], set('operations', '{')), 400],
    ['whose operations are a batch', () => form([small], set('operations', '[]')), 400],
    ['whose map is no map', () => form([small], set('map', '[1]')), 400],
    ['whose map names no place', () => form([small], set('map', '{"0":["variables.none.0"]}')), 400],
    [
      'whose map names a place outside the variables',
      () => form([small], set('map', '{"0":["query"]}')),
      400,
    ],
    [
      'whose map reaches for a prototype',
      () => form([small], set('map', '{"0":["variables.__proto__.x"]}')),
      400,
    ],
    ['whose map names a file that did not come', () => form([small], (body) => body.delete('0')), 400],
    ['with a part that comes twice', () => form([small], (body) => body.append('0', small, 'again')), 400],
  ])('%s is refused, and leaves nothing', async (_what, body, status, headers) => {
    const response = await send(body(), headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('errors');
    await expect.poll(inSpool).toEqual([]);
  });

  const head = (more: string) =>
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nx-alcove-csrf: 1\r\nconnection: close\r\n` +
    `content-type: multipart/form-data; boundary=b\r\n${more}\r\n`;
  const part = (name: string, text: string, more = '') =>
    `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`;
  const multipart = { 'x-alcove-csrf': '1', 'content-type': 'multipart/form-data; boundary=b' };
  const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

  it('that turns out to be too large while it comes is refused at the limit, and leaves nothing', async () => {
    const body =
      part('operations', '{}') + part('map', '{}') + part('0', 'x'.repeat(2 * LIMIT_BYTES), '; filename="a"');
    const answer = await sendRaw(
      serving.port,
      `${head('transfer-encoding: chunked\r\n')}${chunked(body)}0\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(413);
    await expect.poll(inSpool).toEqual([]);
  });

  it('that says to be whole and is cut, at any byte, is refused, and leaves nothing', async () => {
    const body = `${part('operations', '{"query":"{ hello }"}')}${part('map', '{}')}${part('0', 'some text', '; filename="a"')}--b--\r\n`;
    const whole = await send(body, multipart);
    expect(whole.status).toBe(200);
    const cuts = Array.from({ length: body.length - '\r\n'.length }, (_, length) => body.slice(0, length));
    const statuses = await Promise.all(cuts.map(async (cut) => (await send(cut, multipart)).status));
    // Without the last boundary's second hyphen the form could go on; with it, it is whole.
    expect(new Set(statuses)).toEqual(new Set([400]));
    await expect.poll(inSpool).toEqual([]);
  });

  it('that breaks off in the middle of a file leaves nothing', async () => {
    const socket = connect(serving.port, '127.0.0.1');
    const body =
      part('operations', '{}') + part('map', '{}') + part('0', 'x'.repeat(50_000), '; filename="a"');
    socket.write(head('content-length: 90000\r\n') + body.slice(0, -2));
    await expect.poll(inSpool).toHaveLength(1);
    socket.destroy();
    await once(socket, 'close');
    await expect.poll(inSpool).toEqual([]);
    expect((await send(form([small]))).status).toBe(200);
  });
});
