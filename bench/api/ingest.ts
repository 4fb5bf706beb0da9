import { parseArgs } from 'node:util';
import { chunkDocument } from '../../src/ingest/chunkDocument.ts';
import { extractDocument } from '../../src/ingest/extractDocument.ts';
import { changedChunking, DEFAULT_CHUNKING } from '../../src/library/chunkingSettings.ts';
import type { ChunkingSettings } from '../../src/library/types.ts';
import { docxParts, epubParts, wordParagraph, zipOf } from '../../test/ingest/archives.ts';
import { pdfOf } from '../../test/ingest/pdfs.ts';
import { uniformFrom } from '../data/random.ts';
import { median } from '../measure/statistics.ts';
import { embedAndStore } from './pipeline.ts';

const SECTIONS = 250;
const PARAGRAPHS = 4;
const SENTENCES = 5;
const WORDS = 16;
const LINES_ON_A_PAGE = 40;
const WORDS_IN_A_LINE = 12;

const SYLLABLES = 'ba co di fu ge ha in jo ka le mi no or pa re si to un ve wi xe ya zo'.split(' ');

/** By what texts are split, besides the usual way. */
const WAYS: Readonly<Record<string, Partial<ChunkingSettings>>> = {
  headings: {},
  sentences: { by: 'SENTENCES', overlap: 100 },
  tokens: { by: 'TOKENS', size: 200, overlap: 20 },
};

/**
 * Milliseconds that reading a file and splitting it takes for each 1,000 chunks, by kinds of files that say the same: some
 * 1,000 paragraphs under headings; and what embedding and storing them takes after that. Medians of rounds, after one to warm up.
 *
 *     npm run bench -- ingest [--rounds 5]
 */
export async function readAndChunk(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '5' } } });
  const rounds = Number(values.rounds);
  const rows: Record<string, Record<string, number>> = {};
  for (const [fileName, bytes] of Object.entries(await files())) {
    const extracting: number[] = [];
    const chunking = Object.fromEntries(Object.keys(WAYS).map((way) => [way, [] as number[]]));
    for (let round = 0; round <= rounds; round++) {
      const began = performance.now();
      const document = await extractDocument({ bytes, fileName });
      const perThousand = 1_000 / chunkDocument(document).chunks.length;
      if (round > 0) extracting.push((performance.now() - began) * perThousand);
      for (const [way, change] of Object.entries(WAYS)) {
        const begunAt = performance.now();
        const { chunks } = chunkDocument(document, changedChunking(DEFAULT_CHUNKING, change));
        if (round > 0) chunking[way]?.push(((performance.now() - begunAt) * 1_000) / chunks.length);
      }
    }
    rows[fileName] = {
      MB: round1(bytes.length / 1e6),
      'read and split': round1(median(extracting)),
      ...Object.fromEntries(
        Object.entries(chunking).map(([way, times]) => [`split by ${way}`, round1(median(times))]),
      ),
    };
  }
  console.log('ms for each 1,000 chunks');
  console.table(rows);
  const [plain] = Object.entries(await files()).filter(([name]) => name.endsWith('.md'));
  if (plain === undefined) return;
  const document = await extractDocument({ bytes: plain[1], fileName: plain[0] });
  const texts = chunkDocument(document).chunks.map(({ text }) => text);
  const after = await embedAndStore(texts, rounds);
  console.log('ms for each 1,000 chunks, after that');
  console.table(Object.fromEntries(Object.entries(after).map(([what, ms]) => [what, { ms: round1(ms) }])));
}

const round1 = (value: number) => Math.round(value * 10) / 10;

async function files(): Promise<Record<string, Uint8Array>> {
  const random = uniformFrom(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const word = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(SYLLABLES)).join('');
  const sentence = () => `A${Array.from({ length: WORDS }, word).join(' ')}.`;
  const paragraph = () => Array.from({ length: SENTENCES }, sentence).join(' ');
  const sections = Array.from({ length: SECTIONS }, (_, at) => ({
    title: `Section ${at + 1} ${word()}`,
    paragraphs: Array.from({ length: PARAGRAPHS }, paragraph),
  }));
  const paragraphs = sections.flatMap((section) => section.paragraphs);
  const joined = (make: (section: (typeof sections)[number]) => string) =>
    Buffer.from(sections.map(make).join('\n'));
  const html = ({ title, paragraphs: inside }: (typeof sections)[number]) =>
    `<h1>${title}</h1>${inside.map((text) => `<p>${text}</p>`).join('\n')}`;
  const lines = paragraphs.flatMap(
    (text) => text.match(new RegExp(`(?:\\S+\\s*){1,${WORDS_IN_A_LINE}}`, 'g')) ?? [],
  );
  const pages = Array.from({ length: Math.ceil(lines.length / LINES_ON_A_PAGE) }, (_, page) =>
    lines
      .slice(page * LINES_ON_A_PAGE, (page + 1) * LINES_ON_A_PAGE)
      .map((text, at) => ({ text: text.trim(), y: 60 + at * 14, size: 9 })),
  );
  const docx = sections.map(
    ({ title, paragraphs: inside }) =>
      wordParagraph(title, 'Heading1') + inside.map((text) => wordParagraph(text)).join(''),
  );
  return {
    'a.txt': Buffer.from(paragraphs.join('\n\n')),
    'a.md': joined(({ title, paragraphs: inside }) => `# ${title}\n\n${inside.join('\n\n')}\n`),
    'a.html': joined(html),
    'a.csv': Buffer.from(`name,says\n${paragraphs.map((text, at) => `n${at},"${text}"`).join('\n')}`),
    'a.jsonl': Buffer.from(paragraphs.map((text) => JSON.stringify({ text })).join('\n')),
    'a.docx': zipOf(docxParts(docx.join(''))),
    'a.epub': zipOf(epubParts(sections.map((section, at) => ({ href: `${at}.xhtml`, html: html(section) })))),
    'a.pdf': await pdfOf(pages),
  };
}
