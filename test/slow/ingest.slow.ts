import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve } from '../cli/alcove.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LIBRARY = { name: 'docs' };
/** Files taken of each kind, and their largest size. */
const MOST: Readonly<Record<string, number>> = {
  '.md': 260,
  '.html': 60,
  '.txt': 60,
  '.csv': 20,
  '.jsonl': 20,
};
const MOST_BYTES = 200_000;
const PDFS = 40;
const LINE_CHARACTERS = 90;
const PAGE_LINES = 50;

/** What is said in one file alone, by kind, and what it is asked by. */
const FACTS: readonly (readonly [file: string, text: string, question: string])[] = [
  [
    'key.md',
    '# Keys\n\nThe key of the observatory lies under the third flowerpot.',
    'where is the observatory key',
  ],
  ['tea.txt', 'Gyokuro tea is steeped at fifty degrees for two minutes.', 'temperature for steeping gyokuro'],
  [
    'clock.html',
    '<h1>Clock</h1><p>The tower clock of Zwolnow is wound on Thursdays.</p>',
    'when is the clock of Zwolnow wound',
  ],
  ['bees.csv', 'hive,keeper\nnorth meadow,Ottoline Fairweather\n', 'who keeps the hive of the north meadow'],
  [
    'boats.jsonl',
    `${JSON.stringify({ title: 'Boats', text: 'The ferry Perpetua leaves pier eleven at dusk.' })}\n`,
    'which pier does the ferry Perpetua leave',
  ],
];

/** Files of these endings below a folder, in the order of their names. */
function* documents(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* documents(path);
    else if (entry.isFile() && extname(entry.name).toLowerCase() in MOST && statSync(path).size <= MOST_BYTES)
      yield path;
  }
}

async function pdfOf(text: string): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const plain = text.replace(/[^\x20-\x7e\n]/g, ' ');
  const lines = plain
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? ['']);
  for (let at = 0; at < Math.max(1, lines.length); at += PAGE_LINES) {
    const page = pdf.addPage();
    for (const [row, line] of lines.slice(at, at + PAGE_LINES).entries())
      page.drawText(line, { x: 40, y: 800 - row * 15, size: 9, font });
  }
  return pdf.save();
}

describe('a folder of several hundred files of mixed kinds', () => {
  let folder: string;
  let docs: string;
  let server: ServerProcess;
  let client: AlcoveClient;
  let files = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-docs-'));
    docs = join(folder, 'docs');
    mkdirSync(docs);
    const taken = new Map<string, number>();
    const pages: string[] = [];
    for (const root of [join(ROOT, 'node_modules'), '/usr/share/doc'].filter((path) => existsSync(path))) {
      for (const path of documents(root)) {
        const kind = extname(path).toLowerCase();
        const count = taken.get(kind) ?? 0;
        if (count >= (MOST[kind] ?? 0)) continue;
        taken.set(kind, count + 1);
        copyFileSync(path, join(docs, `${kind.slice(1)}-${count}${kind}`));
        if (kind === '.md' && pages.length < PDFS) pages.push(readFileSync(path, 'utf8'));
      }
    }
    for (const [at, text] of pages.entries()) writeFileSync(join(docs, `page-${at}.pdf`), await pdfOf(text));
    for (const [name, text] of FACTS) writeFileSync(join(docs, name), text);
    writeFileSync(
      join(docs, 'lamp.pdf'),
      await pdfOf('The lamp of the Skerry lighthouse turns once in seventeen seconds.'),
    );
    writeFileSync(join(docs, 'bad.pdf'), 'no PDF at all');
    files = readdirSync(docs).length;
    server = await serve([], { ALCOVE_DATA: join(folder, 'data') });
    client = createClient({ url: server.url });
  });
  afterAll(async () => {
    await client.close();
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const importAll = () => alcove(['import', LIBRARY.name, docs, '--url', server.url]);
  const documentCount = async () => (await client.library(LIBRARY))?.counts.documents ?? 0;

  it('goes in by one command, with progress, although the server is killed in the middle', async () => {
    expect(files).toBeGreaterThan(300);
    const importing = importAll();
    while ((await documentCount()) < 40) await delay(10);
    await server.stop('SIGKILL');
    const port = new URL(server.url).port;
    server = await serve([], { ALCOVE_DATA: join(folder, 'data'), ALCOVE_PORT: port });
    expect(await documentCount()).toBeLessThan(files - 1);
    const { out, error, status } = await importing;
    process.stderr.write(`${out}${error}`);
    expect(error).toMatch(/importing \d+ %/);
    // The one that is no PDF is told, and whatever else the machine has that cannot be read.
    expect(status).toBe(1);
    expect(error).toMatch(/docs\/bad\.pdf: /);
  });

  it('is there once when it is imported again: nothing is written twice, nothing is lost', async () => {
    const before = await client.library(LIBRARY);
    const { out, error } = await importAll();
    const failed = error.match(/^alcove: docs\/.*$/gm)?.length ?? 0;
    const good = before?.counts.documents ?? 0;
    expect(out).toBe(`${good} of ${files} documents are in docs (${good} unchanged)\n`);
    expect(failed).toBeGreaterThanOrEqual(files - good);
    const after = await client.library(LIBRARY);
    expect(after?.counts).toMatchObject({ documents: good, chunks: before?.counts.chunks });
    // Most of what a machine has can be read.
    expect(good / files).toBeGreaterThan(0.9);
  });

  it.each([
    ...FACTS.map(([name, , question]) => [question, name] as const),
    ['how fast does the lamp of the Skerry lighthouse turn', 'lamp.pdf'] as const,
  ])('answers "%s" from %s', async (question, name) => {
    const { edges } = orThrow(
      await client.knnSearch({
        library: LIBRARY,
        query: { text: question },
        k: 3,
        accuracy: { exact: true },
      }),
    );
    expect(edges.map(({ node }) => node.document.sourceUrl?.split('/').at(-1))).toContain(name);
  });
});
