import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { Database } from '../../src/store/Database.ts';
import { pageSumsPath } from '../../src/store/pages/PageSums.ts';
import { remadePath } from '../../src/store/remake.ts';
import { docxParts, epubParts, wordParagraph, zipOf } from '../ingest/archives.ts';
import { encryptedPdf, pdfOf } from '../ingest/pdfs.ts';
import { alcove, type ServerProcess, serve } from './alcove.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('alcove', () => {
  it('--help names every command and a first round to try', async () => {
    const { status, out } = await alcove(['--help']);
    expect(status).toBe(0);
    for (const command of [
      'serve',
      'import',
      'search',
      'reindex',
      'model',
      'seed',
      'backup',
      'verify',
      'restore',
    ])
      expect(out).toContain(command);
    expect(out).toContain('alcove serve --sample');
  });

  it('refuses a command that it does not have', async () => {
    const { status, error } = await alcove(['sreve']);
    expect(status).not.toBe(0);
    expect(error).toContain("unknown command 'sreve'");
  });

  it.each([
    'serve',
    'import',
    'search',
    'reindex',
    'model build',
    'model list',
    'model pull',
    'model serve',
    'seed',
    'backup',
    'verify',
    'restore',
  ])('%s --help has command lines to try', async (command) => {
    const { out } = await alcove([...command.split(' '), '--help']);
    expect(out).toMatch(new RegExp(`Examples:\\n( {2}\\$ .*alcove ${command}.*\\n)+`));
  });

  it.each([
    [['search', 'lib', 'text', '-k', 'abc'], "'abc' is invalid. Expected a whole number"],
    [['search', 'lib', 'text', '-k', ''], "'' is invalid. Expected a whole number"],
    [['search', 'lib', 'text', '--url', '127.0.0.1:4400'], 'Expected an address such as http://'],
    [['search', 'lib', 'text', '--url', 'http://127.0.0.1:99999'], 'Expected an address such as http://'],
    [['reindex', 'lib', '--m', '1.5'], "'1.5' is invalid. Expected a whole number"],
    [['reindex', 'lib', '--min-recall', 'abc'], "'abc' is invalid. Expected a number from 0 to 1"],
    [['reindex', 'lib', '--min-recall', '1.1'], "'1.1' is invalid. Expected a number from 0 to 1"],
    [
      ['reindex', 'lib', '--type', 'GRAPH'],
      "'GRAPH' is invalid. Allowed choices are AUTO, FLAT, KD_TREE, LSH, HNSW",
    ],
  ])('%j is refused with what the option takes', async (args, message) => {
    const { status, error } = await alcove(args);
    expect(status).toBe(1);
    expect(error).toContain(message);
  });

  it.each([
    ['import', () => ['lib', folder]],
    ['search', () => ['lib', 'text']],
    ['reindex', () => ['lib']],
  ] as const)('%s says in one line when there is no server', async (command, args) => {
    writeFileSync(join(folder, 'page.md'), '# A page');
    const { status, error } = await alcove([command, ...args(), '--url', 'http://127.0.0.1:9']);
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: .*127\.0\.0\.1:9.*alcove serve.*\n$/);
  });
});

describe('alcove serve ends with one line and a status that is not zero', () => {
  it('when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { status, error } = await alcove(['serve', '--port', String(port), '--data', join(folder, 'port')]);
    other.close();
    expect(status).toBe(1);
    expect(error).toMatch(new RegExp(`^alcove: .*${port}.* in use.*ALCOVE_PORT.*\n$`));
  });

  it('when the data folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { status, error } = await alcove(['serve', '--port', '0', '--data', join(folder, 'file', 'data')]);
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: .*data folder.*ALCOVE_DATA\n$/);
  });

  it('when a variable is bad', async () => {
    const { status, error } = await alcove(['serve'], { ALCOVE_PORT: 'http' });
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: ALCOVE_PORT="http": .*\n$/);
  });

  it('when another server has the data folder', async () => {
    const first = await serve();
    const { status, error } = await alcove(['serve', '--port', '0', '--data', first.dataPath]);
    await first.stop();
    rmSync(first.dataPath, { recursive: true });
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: another server is using the data folder .*\n$/);
  });
});

describe('a round at the shell', () => {
  let server: ServerProcess;
  let url: string[];
  beforeAll(async () => {
    server = await serve();
    url = ['--url', server.url];
    mkdirSync(join(folder, 'notes', 'deep', 'node_modules'), { recursive: true });
    writeFileSync(
      join(folder, 'notes', 'keys.md'),
      '# Keys\n\nThe keys hang behind the clock in the kitchen.\n',
    );
    writeFileSync(join(folder, 'notes', 'deep', 'tea.txt'), 'Green tea takes water of eighty degrees.\n');
    writeFileSync(join(folder, 'notes', 'deep', 'node_modules', 'left-out.md'), '# Not this\n');
    writeFileSync(join(folder, 'notes', 'picture.png'), 'not text');
  });
  afterAll(async () => {
    await server.stop();
    rmSync(server.dataPath, { recursive: true });
  });

  it('import takes the text and Markdown below a folder, with progress', async () => {
    const { status, out, error } = await alcove(['import', 'notes', join(folder, 'notes'), ...url]);
    expect({ status, out }).toEqual({ status: 0, out: '2 of 2 documents are in notes\n' });
    expect(error).toContain('importing 100 % (2/2)');
  });

  it('import again replaces what it wrote, even from a copy of the folder elsewhere', async () => {
    mkdirSync(join(folder, 'copy', 'notes'), { recursive: true });
    copyFileSync(join(folder, 'notes', 'keys.md'), join(folder, 'copy', 'notes', 'keys.md'));
    await alcove(['import', 'notes', join(folder, 'notes'), ...url]);
    await alcove(['import', 'notes', join(folder, 'copy', 'notes'), ...url]);
    const library = await createClient({ url: server.url }).library({ name: 'notes' });
    expect(library?.counts).toMatchObject({ documents: 2, chunks: 2 });
  });

  it('import names the file that it could not take, and takes the others', async () => {
    mkdirSync(join(folder, 'mixed'));
    writeFileSync(join(folder, 'mixed', 'broken.txt'), Buffer.from([0xff, 0xfe, 0xfd]));
    writeFileSync(join(folder, 'mixed', 'good.txt'), 'A good one.');
    const { status, out, error } = await alcove(['import', 'mixed', join(folder, 'mixed'), ...url]);
    expect({ status, out }).toEqual({ status: 1, out: '1 of 2 documents are in mixed\n' });
    expect(error).toMatch(/alcove: mixed\/broken\.txt: .*utf-16le/);
  });

  it('import takes PDF, Word, EPUB, HTML, CSV and JSONL; bad ones are named, and the others go in', async () => {
    const kinds = join(folder, 'kinds');
    mkdirSync(kinds);
    const pdf = await pdfOf([[{ text: 'First page.', y: 50 }], [{ text: 'Second page.', y: 50 }]]);
    writeFileSync(join(kinds, 'a.pdf'), pdf);
    writeFileSync(
      join(kinds, 'b.docx'),
      zipOf(docxParts(wordParagraph('Guide', 'Heading1') + wordParagraph('Words.'))),
    );
    writeFileSync(
      join(kinds, 'c.epub'),
      zipOf(epubParts([{ href: 'one.xhtml', html: '<p>A chapter.</p>' }])),
    );
    writeFileSync(join(kinds, 'd.html'), '<h1>Tea</h1><p>Eighty degrees.');
    writeFileSync(join(kinds, 'e.csv'), 'name,says\nEve,hi\n');
    writeFileSync(join(kinds, 'f.jsonl'), '{"text":"A line."}\n{oops\n');
    writeFileSync(join(kinds, 'g.pdf'), pdf.subarray(0, 500));
    writeFileSync(join(kinds, 'h.pdf'), encryptedPdf('secret', 'password'));
    writeFileSync(join(kinds, 'i.docx'), pdf);
    const huge = openSync(join(kinds, 'j.txt'), 'w');
    ftruncateSync(huge, 100_000_001);
    closeSync(huge);
    const { status, out, error } = await alcove(['import', 'kinds', kinds, ...url]);
    expect({ status, out }).toEqual({ status: 1, out: '6 of 10 documents are in kinds\n' });
    expect(error).toMatch(/alcove: kinds\/f\.jsonl: .*line 2: /);
    expect(error).toMatch(/alcove: kinds\/g\.pdf: .*its end is missing/);
    expect(error).toMatch(/alcove: kinds\/h\.pdf: .*password/);
    expect(error).toMatch(/alcove: kinds\/i\.docx: .*a PDF document/);
    expect(error).toMatch(/alcove: kinds\/j\.txt: .*100000001 bytes; expected at most 100000000/);
    const chunks = await createClient({ url: server.url }).chunks({ library: { name: 'kinds' } });
    const places = chunks?.edges.map(({ node }) => [node.text, node.page, node.headings]) ?? [];
    expect(places).toHaveLength(6);
    expect(places).toContainEqual(['First page.\n\nSecond page.', 1, []]);
    expect(places).toContainEqual(['Guide\n\nWords.', null, ['Guide']]);
    expect(places).toContainEqual(['name: Eve\nsays: hi', null, ['Row 2']]);
  });

  it('import refuses an empty file, by name', async () => {
    writeFileSync(join(folder, 'empty.md'), '');
    const { status, error } = await alcove(['import', 'nothing', join(folder, 'empty.md'), ...url]);
    expect(status).toBe(1);
    expect(error).toMatch(/alcove: .*empty\.md: got a file of 0 bytes; expected a file with text/);
  });

  it('import walks past links, also in a circle', async () => {
    mkdirSync(join(folder, 'circle'));
    writeFileSync(join(folder, 'circle', 'page.md'), '# A page');
    symlinkSync('.', join(folder, 'circle', 'again'));
    symlinkSync('page.md', join(folder, 'circle', 'link.md'));
    const { out } = await alcove(['import', 'circle', join(folder, 'circle'), ...url]);
    expect(out).toBe('1 of 1 documents are in circle\n');
  });

  it('import takes a file once that is named twice, and refuses two that would be one document', async () => {
    const keys = join(folder, 'notes', 'keys.md');
    const once = await alcove(['import', 'twice', join(folder, 'notes'), keys, keys, ...url]);
    expect(once).toMatchObject({ status: 0, out: '2 of 2 documents are in twice\n' });
    mkdirSync(join(folder, 'other', 'notes'), { recursive: true });
    writeFileSync(join(folder, 'other', 'notes', 'keys.md'), '# Other keys');
    const refused = await alcove(['import', 'both', keys, join(folder, 'other', 'notes'), ...url]);
    expect(refused.status).toBe(1);
    expect(refused.error).toMatch(/^alcove: .* would both be the document notes\/keys\.md.*\n$/);
  });

  it.each([
    ['is not there', 'nowhere', 'nowhere does not exist'],
    ['it cannot read', 'notes/picture.png', 'picture.png'],
  ])('import makes no library when it is given a file that %s', async (_why, name, message) => {
    const { status, error } = await alcove(['import', 'unmade', join(folder, name), ...url]);
    expect(status).toBe(1);
    expect(error).toMatch(new RegExp(`^alcove: .*${message}.*\\n$`));
    expect(await createClient({ url: server.url }).library({ name: 'unmade' })).toBeNull();
  });

  it('search finds by what the text says', async () => {
    const { status, out } = await alcove([
      'search',
      'notes',
      'where',
      'are',
      'my',
      'keys',
      '-k',
      '1',
      ...url,
    ]);
    expect(status).toBe(0);
    expect(out).toMatch(/^[01]\.\d{3} {2}Keys {2}\(chk_\S+; meaning 1\., words 1\.\)/);
    expect(out).toContain('behind the clock');
  });

  it('search --json prints the answer for programs', async () => {
    const { out } = await alcove(['search', 'notes', 'tea', '--json', '--exact', ...url]);
    const answer = JSON.parse(out) as {
      edges: { node: { text: string } }[];
      plan: { mode: string; semantic: { strategy: string } };
    };
    expect(answer.edges[0]?.node.text).toContain('Green tea');
    expect(answer.plan).toMatchObject({ mode: 'HYBRID', semantic: { strategy: 'EXACT_SCAN' } });
  });

  it('search --mode keyword shows the words that matched, and --rerank what is made of them', async () => {
    const { out } = await alcove(['search', 'notes', '"green tea"', '--mode', 'keyword', '--rerank', ...url]);
    expect(out).toContain('Green tea');
    expect(out).toMatch(/; words 1\.\)/);
    expect(out).toContain('of the terms occur');
    const { error } = await alcove(['search', 'notes', 'tea', '--mode', 'guessing', ...url]);
    expect(error).toContain('hybrid, keyword, semantic');
  });

  it('search says which library it does not know', async () => {
    const { status, error } = await alcove(['search', 'nowhere', 'tea', ...url]);
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: .*nowhere.*\n$/);
  });

  it('reindex follows the job to its end', async () => {
    const { status, out, error } = await alcove(['reindex', 'notes', '--type', 'HNSW', ...url]);
    expect(status).toBe(0);
    expect(out).toMatch(/^job_\S+ succeeded\n$/);
    expect(error).toMatch(/done 100 %/);
    const library = await createClient({ url: server.url }).library({ name: 'notes' });
    expect(library?.index).toMatchObject({ type: 'HNSW', state: 'READY' });
  });

  it('backup copies a running server, and restore makes a server of the copy', async () => {
    const file = join(folder, 'notes.backup');
    const made = await alcove(['backup', file, '--data', server.dataPath]);
    expect(made).toMatchObject({ status: 0, error: '' });
    expect(made.out).toMatch(/revision \d+, \d+ bytes, verified\n$/);

    const data = join(folder, 'restored');
    const restored = await alcove(['restore', file, '--data', data]);
    expect(restored).toMatchObject({ status: 0, error: '' });
    const second = await serve([], { ALCOVE_DATA: data });
    const { out } = await alcove(['search', 'notes', 'keys in the kitchen', '-k', '1', '--url', second.url]);
    await second.stop();
    expect(out).toContain('behind the clock');
  });

  it('restore leaves the old data as it is when the backup is damaged', async () => {
    const file = join(folder, 'good.backup');
    await alcove(['backup', file, '--data', server.dataPath]);
    const damaged = join(folder, 'damaged.backup');
    copyFileSync(file, damaged);
    truncateSync(damaged, readFileSync(file).length - 20_000);

    const data = join(folder, 'kept');
    await alcove(['restore', file, '--data', data]);
    const before = readFileSync(join(data, 'alcove.db'));
    expect(await alcove(['verify', '--data', data])).toMatchObject({
      status: 0,
      out: expect.stringMatching(/revision \d+, \d+ bytes, no damage found\n$/),
    });
    expect((await alcove(['verify', damaged])).error).toMatch(/^alcove: .*damaged/);
    const rotten = join(folder, 'rotten');
    await alcove(['restore', file, '--data', rotten]);
    Database.open(join(rotten, 'alcove.db'), 'READ_WRITE').close();
    const bytes = readFileSync(join(rotten, 'alcove.db'));
    bytes[3 * 8_192 + 100] = (bytes[3 * 8_192 + 100] ?? 0) ^ 1;
    writeFileSync(join(rotten, 'alcove.db'), bytes);
    expect(await alcove(['verify', '--data', rotten])).toMatchObject({
      status: 1,
      error: expect.stringMatching(/^alcove: page 4 of .* is not what was written there: it is damaged\n$/),
    });
    const { status, error } = await alcove(['restore', damaged, '--data', data, '--replace']);
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: .*damaged/);
    expect(readFileSync(join(data, 'alcove.db')).equals(before)).toBe(true);
  });

  it('restore replaces a database only when told to, and keeps the old one beside it', async () => {
    const file = join(folder, 'again.backup');
    await alcove(['backup', file, '--data', server.dataPath]);
    const data = join(folder, 'replaced');
    await alcove(['restore', file, '--data', data]);
    const refused = await alcove(['restore', file, '--data', data]);
    expect(refused.status).toBe(1);
    expect(refused.error).toContain('--replace');
    // As a server leaves it that was killed when it had made its database anew.
    const path = join(data, 'alcove.db');
    Database.open(path, 'READ_WRITE').close();
    renameSync(pageSumsPath(path), pageSumsPath(remadePath(path)));
    const replaced = await alcove(['restore', file, '--data', data, '--replace']);
    expect(replaced.status).toBe(0);
    expect(readdirSync(data).filter((name) => name.includes('before-restore'))).not.toEqual([]);
    Database.open(path, 'READ_WRITE').close();
  });

  it('restore does not touch the data of a running server', async () => {
    const file = join(folder, 'running.backup');
    await alcove(['backup', file, '--data', server.dataPath]);
    const { status, error } = await alcove(['restore', file, '--data', server.dataPath, '--replace']);
    expect(status).toBe(1);
    expect(error).toContain('another server is using the data folder');
  });

  it('backup does not write over a file, and says when there is nothing to back up', async () => {
    const file = join(folder, 'precious');
    writeFileSync(file, 'precious');
    const refused = await alcove(['backup', file, '--data', server.dataPath]);
    expect(refused.status).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    const empty = await alcove(['backup', join(folder, 'none'), '--data', join(folder, 'nothing')]);
    expect(empty).toMatchObject({ status: 1, error: expect.stringContaining('no database in') });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    const lost = await alcove(['backup', join(folder, 'no', 'where'), '--data', server.dataPath]);
    expect(lost).toMatchObject({ status: 1, error: expect.stringMatching(/^alcove: ENOENT.*\n$/) });
  });
});
