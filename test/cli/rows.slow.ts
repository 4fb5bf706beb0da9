import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve } from './alcove.ts';

describe('alcove rows', () => {
  let server: ServerProcess;
  const folder = mkdtempSync(join(tmpdir(), 'alcove-rows-'));
  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const rows = (...args: string[]) => alcove(['rows', ...args, '--url', server.url]);
  const library = async (name: string) => {
    const client = createClient({ url: server.url });
    const embedding = { provider: 'EXTERNAL', model: 'test', metric: 'EUCLIDEAN' } as const;
    orThrow(await client.createLibrary({ name, embedding }));
  };
  const good = Array.from(
    { length: 50 },
    (_, row) => `{"embedding": [${row}, 1], "text": "row ${row}"}\n`,
  ).join('');

  beforeAll(async () => {
    server = await serve();
  });
  afterAll(() => server.stop());

  it('import writes files, also gzipped ones, and again changes nothing', async () => {
    await library('files');
    const paths = [file('one.ndjson', good), file('two.jsonl.gz', gzipSync(good))];
    const first = await rows('import', 'files', ...paths);
    expect(first.status).toBe(0);
    expect(first.out).toContain('one.ndjson: 50 of 50 rows written (0 unchanged)');
    expect(first.out).toContain('two.jsonl.gz: 50 of 50 rows written (0 unchanged)');
    expect((await rows('import', 'files', ...paths)).out).toContain('0 of 50 rows written (50 unchanged)');
  });

  it('import tells the lines that are wrong, and ends with status 1', async () => {
    await library('wrong');
    const path = file('wrong.ndjson', `${good}{"embedding": [1, 2, 3]}\nnonsense\n`);
    const { status, error, out } = await rows('import', 'wrong', path);
    expect(status).toBe(1);
    expect(error).toContain('wrong.ndjson:51: Got a vector of 3 dimensions');
    expect(error).toContain('wrong.ndjson:52: Got a line that is not JSON');
    expect(error).toContain('2 rows were left out');
    expect(out).toContain('50 of 52 rows written');
  });

  it('import says from where to go on when it is given up', async () => {
    await library('given-up');
    const path = file('given-up.ndjson', `${good}{}\n{}\n`);
    const { status, error } = await rows('import', 'given-up', path, '--max-errors', '1');
    expect(status).toBe(1);
    expect(error).toContain('go on with --after 52');
  });

  it('export writes what import takes, in any format, and no file twice', async () => {
    await library('exported');
    await rows('import', 'exported', file('source.ndjson', good));
    for (const format of ['ndjson', 'npy', 'parquet']) {
      const path = join(folder, `out.${format}`);
      expect((await rows('export', 'exported', path)).status).toBe(0);
      expect((await rows('export', 'exported', path)).status).toBe(1);
    }
    expect(readFileSync(join(folder, 'out.ndjson'), 'utf8').trim().split('\n')).toHaveLength(50);
    const again = await rows('import', 'exported', join(folder, 'out.parquet'));
    expect(again.out).toContain('0 of 50 rows written (50 unchanged)');
    expect((await rows('export', 'exported', '-')).out.split('\n')).toHaveLength(51);
  });

  it('a library that is not there, or a file of no known kind, is one clear line', async () => {
    const missing = await rows('import', 'nowhere', file('x.ndjson', good));
    expect([missing.status, missing.error]).toEqual([
      1,
      expect.stringContaining('No library has the name "nowhere"'),
    ]);
    expect((await rows('import', 'nowhere', file('x.bin', 'x'))).error).toContain('say --format');
  });
});
