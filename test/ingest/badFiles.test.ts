import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { type ExtractOptions, extractDocument, type SourceBytes } from '../../src/ingest/extractDocument.ts';
import { docxParts, epubParts, wordParagraph, type ZipPart, zipOf } from './archives.ts';
import { encryptedPdf, pdfOf, scannedPdf } from './pdfs.ts';

const WORDS = 'The quick brown fox jumps over the lazy dog, again and again.';
const pdf = await pdfOf(
  [
    [
      { text: 'Chapter', y: 50, size: 20 },
      { text: WORDS, y: 90 },
    ],
    [{ text: WORDS, y: 50 }],
  ],
  { title: 'Foxes', outline: [['Chapter', 1]] },
);
const docx = docxParts(wordParagraph('Guide', 'Heading1') + wordParagraph(WORDS), 'Foxes');
const epub = epubParts([{ href: 'one.xhtml', html: `<h1>One</h1><p>${WORDS}</p>` }]);

const text = (content: string) => new TextEncoder().encode(content);
const replaced = (parts: readonly ZipPart[], name: string, change: Partial<ZipPart>) =>
  zipOf(parts.map((part) => (part.name === name ? { ...part, ...change } : part)));

/** The error that a file ends in. */
async function failure(source: SourceBytes, options?: ExtractOptions): Promise<AlcoveError> {
  try {
    await extractDocument(source, options);
  } catch (error) {
    if (error instanceof AlcoveError) return error;
    throw error;
  }
  throw new Error('It was read.');
}

interface BadFile {
  readonly why: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly reason: string;
  readonly says: RegExp;
  readonly limits?: ExtractOptions['limits'];
}

const BAD_FILES: readonly BadFile[] = [
  { why: 'is empty', name: 'a.txt', bytes: text(''), reason: 'EMPTY', says: /0 bytes/ },
  { why: 'is empty, as a PDF', name: 'a.pdf', bytes: text(''), reason: 'EMPTY', says: /0 bytes/ },
  {
    why: 'is nothing but white space',
    name: 'a.md',
    bytes: text(' \n\n'),
    reason: 'NO_TEXT',
    says: /without text/,
  },
  {
    why: 'is above 100 MB',
    name: 'a.txt',
    bytes: Buffer.alloc(100_000_001, 'x'),
    reason: 'TOO_LARGE',
    says: /100000001 bytes/,
  },
  {
    why: 'is of a kind that is not read',
    name: 'a.xlsx',
    bytes: text('x'),
    reason: 'UNSUPPORTED',
    says: /a\.xlsx.*\.docx/,
  },
  {
    why: 'is a program without a name',
    name: 'a',
    bytes: Buffer.from('\x7fELF\x02'),
    reason: 'UNSUPPORTED',
    says: /ELF program/,
  },
  {
    why: 'is binary and called text',
    name: 'a.txt',
    bytes: Buffer.from([0x41, 0, 1, 2]),
    reason: 'MISLABELLED',
    says: /binary/,
  },
  {
    why: 'is a picture and called text',
    name: 'a.md',
    bytes: Buffer.from('\x89PNG\r\n', 'latin1'),
    reason: 'MISLABELLED',
    says: /PNG image/,
  },
  {
    why: 'is a picture and called PDF',
    name: 'a.pdf',
    bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    reason: 'MISLABELLED',
    says: /JPEG image/,
  },
  {
    why: 'is text and called PDF',
    name: 'a.pdf',
    bytes: text(WORDS),
    reason: 'MISLABELLED',
    says: /expected application\/pdf/,
  },
  {
    why: 'is a PDF and called Word',
    name: 'a.docx',
    bytes: pdf,
    reason: 'MISLABELLED',
    says: /a PDF document/,
  },
  {
    why: 'is a PDF and called text',
    name: 'a.txt',
    bytes: pdf,
    reason: 'MISLABELLED',
    says: /a PDF document/,
  },
  {
    why: 'is a book and called Word',
    name: 'a.docx',
    bytes: zipOf(epub),
    reason: 'MISLABELLED',
    says: /application\/epub\+zip/,
  },
  {
    why: 'is an archive and called Markdown',
    name: 'a.md',
    bytes: zipOf(docx),
    reason: 'MISLABELLED',
    says: /ZIP archive/,
  },
  {
    why: 'is an archive of something else',
    name: 'a.docx',
    bytes: zipOf([{ name: 'a', content: 'b' }]),
    reason: 'MISLABELLED',
    says: /something else/,
  },
  {
    why: 'is an old Word document',
    name: 'a.docx',
    bytes: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    reason: 'MISLABELLED',
    says: /before 2007/,
  },

  {
    why: 'is an encrypted PDF',
    name: 'a.pdf',
    bytes: encryptedPdf('secret', 'pass'),
    reason: 'ENCRYPTED',
    says: /a\.pdf.*password/,
  },
  {
    why: 'is cut short',
    name: 'a.pdf',
    bytes: pdf.subarray(0, pdf.length - 40),
    reason: 'CORRUPT',
    says: /end is missing/,
  },
  {
    why: 'is a PDF without insides',
    name: 'a.pdf',
    bytes: text('%PDF-1.7\nnothing\n%%EOF'),
    reason: 'CORRUPT',
    says: /expected a PDF document/,
  },
  { why: 'is a scan', name: 'a.pdf', bytes: await scannedPdf(), reason: 'NO_TEXT', says: /OCR/ },
  {
    why: 'has too many pages',
    name: 'a.pdf',
    bytes: pdf,
    limits: { maxPages: 1 },
    reason: 'TOO_COMPLEX',
    says: /2 pages/,
  },

  {
    why: 'is an encrypted Word document',
    name: 'a.docx',
    bytes: Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ]),
    reason: 'ENCRYPTED',
    says: /password/,
  },
  {
    why: 'is an archive cut short',
    name: 'a.docx',
    bytes: zipOf(docx).subarray(0, -30),
    reason: 'CORRUPT',
    says: /ZIP archive/,
  },
  {
    why: 'has an encrypted part',
    name: 'a.docx',
    bytes: replaced(docx, 'word/document.xml', { encrypted: true }),
    reason: 'ENCRYPTED',
    says: /password/,
  },
  {
    why: 'has a part that is no XML',
    name: 'a.docx',
    bytes: replaced(docx, 'word/document.xml', { content: '<w:p><' }),
    reason: 'CORRUPT',
    says: /Word document/,
  },
  {
    why: 'lies about its size',
    name: 'a.docx',
    bytes: replaced(docx, 'word/document.xml', { saidBytes: 10 }),
    reason: 'CORRUPT',
    says: /word\/document\.xml/,
  },
  {
    why: 'is a bomb',
    name: 'a.docx',
    bytes: replaced(docx, 'word/document.xml', { content: Buffer.alloc(20_000_000, ' ') }),
    reason: 'TOO_COMPLEX',
    says: /200 times/,
  },
  {
    why: 'unpacks to more than allowed',
    name: 'a.docx',
    bytes: zipOf(docx),
    limits: { maxUnpackedBytes: 500 },
    reason: 'TOO_COMPLEX',
    says: /500 bytes unpacked/,
  },
  {
    why: 'has too many parts',
    name: 'a.docx',
    bytes: zipOf(docx),
    limits: { maxEntries: 3 },
    reason: 'TOO_COMPLEX',
    says: /6 entries/,
  },
  {
    why: 'has a name that leads out of it',
    name: 'a.docx',
    bytes: zipOf([...docx, { name: '../../etc/cron.d/x', content: 'x' }]),
    reason: 'CORRUPT',
    says: /invalid relative path/,
  },
  {
    why: 'declares entities that multiply',
    name: 'a.docx',
    bytes: replaced(docx, 'word/document.xml', {
      content: '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    }),
    reason: 'CORRUPT',
    says: /entities/,
  },

  {
    why: 'is a protected book',
    name: 'a.epub',
    bytes: zipOf([
      ...epub,
      {
        name: 'META-INF/encryption.xml',
        content: '<encryption><enc:CipherReference URI="OEBPS/one.xhtml"/></encryption>',
      },
    ]),
    reason: 'ENCRYPTED',
    says: /protection/,
  },
  {
    why: 'is a book without a package',
    name: 'a.epub',
    bytes: replaced(epub, 'META-INF/container.xml', { content: '<container/>' }),
    reason: 'CORRUPT',
    says: /package/,
  },

  {
    why: 'lies deep',
    name: 'a.html',
    bytes: text('<div>'.repeat(20_000)),
    reason: 'TOO_COMPLEX',
    says: /10000 elements/,
  },
  {
    why: 'shows nothing',
    name: 'a.html',
    bytes: text('<script>x</script><p> '),
    reason: 'NO_TEXT',
    says: /without text/,
  },
  {
    why: 'has a quote that is never closed',
    name: 'a.csv',
    bytes: text('a,b\n1,"2\n3,4\n'),
    reason: 'CORRUPT',
    says: /[Qq]uote/,
  },
  {
    why: 'has no line that is JSON',
    name: 'a.jsonl',
    bytes: text('{a}\nb\n'),
    reason: 'CORRUPT',
    says: /no line of 2/,
  },
  {
    why: 'has more text than allowed',
    name: 'a.txt',
    bytes: text(WORDS),
    limits: { maxCharacters: 10 },
    reason: 'TOO_LARGE',
    says: /10 characters/,
  },
];

describe('a file that', () => {
  it.each(BAD_FILES)('$why ($name) is $reason', async ({ name, bytes, reason, says, limits }) => {
    const error = await failure({ fileName: `/some/where/${name}`, bytes }, limits && { limits });
    expect(error.kind).toBe('UnreadableFileError');
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.detail).toMatchObject({ file: name, reason });
    expect(error.message).toMatch(says);
    expect(error.message).toMatch(
      new RegExp(`^${name.replace('.', '\\.')}: got .+; expected .+\\. .+\\.$`, 's'),
    );
  });

  it('nobody wants any more is left where it is', async () => {
    const signal = AbortSignal.abort();
    for (const source of [
      { fileName: 'a.pdf', bytes: pdf },
      { fileName: 'a.docx', bytes: zipOf(docx) },
    ]) {
      expect((await failure(source, { signal })).kind).toBe('CancelledError');
    }
  });

  it('is cancelled while it is read ends between two pages', async () => {
    const controller = new AbortController();
    const long = await pdfOf(Array.from({ length: 300 }, () => [{ text: WORDS, y: 50 }]));
    const reading = failure({ fileName: 'a.pdf', bytes: long }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect((await reading).kind).toBe('CancelledError');
  });
});

describe('damage', () => {
  const whole: readonly SourceBytes[] = [
    { fileName: 'a.pdf', bytes: pdf },
    { fileName: 'a.docx', bytes: zipOf(docx) },
    { fileName: 'a.epub', bytes: zipOf(epub) },
    {
      fileName: 'a.html',
      bytes: text(`<title>x</title><h1>One</h1><table><tr><td>${WORDS}</table><p>${WORDS}`),
    },
    { fileName: 'a.md', bytes: text(`---\ntitle: "x"\n---\n# One\n\n${WORDS}\n\n- a\n  - b\n`) },
    { fileName: 'a.csv', bytes: text(`name,says\nBob,"${WORDS}"\nEve,x\n`) },
    { fileName: 'a.jsonl', bytes: text(`{"title":"x","text":${JSON.stringify(WORDS)}}\n{"a":["b"]}\n`) },
  ];

  /** Either a document, whole in itself, or one of the errors that a caller can act upon. */
  async function expectAnAnswer(source: SourceBytes): Promise<void> {
    try {
      const document = await extractDocument(source);
      expect(document.text.trim()).not.toBe('');
      let last = 0;
      for (const { start, end } of document.blocks) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(document.text.slice(last, start).trim()).toBe('');
        last = end;
      }
      expect(document.text.slice(last).trim()).toBe('');
    } catch (error) {
      if (!(error instanceof AlcoveError)) throw error;
      expect(error.kind).toBe('UnreadableFileError');
    }
  }

  it.each(whole)(
    'of $fileName, cut anywhere, ends in a document or a typed error',
    async ({ fileName, bytes }) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length), async (length) => {
          await expectAnAnswer({ bytes: bytes.subarray(0, length), ...(fileName && { fileName }) });
        }),
        { numRuns: 40, seed: 7 },
      );
    },
  );

  it.each(whole)(
    'of $fileName, by bits turned over, ends in a document or a typed error',
    async ({ fileName, bytes }) => {
      const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), { minLength: 1, maxLength: 30 });
      await fc.assert(
        fc.asyncProperty(flips, async (where) => {
          const damaged = Uint8Array.from(bytes);
          for (const [at, bit] of where) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
          await expectAnAnswer({ bytes: damaged, ...(fileName && { fileName }) });
        }),
        { numRuns: 80, seed: 11 },
      );
    },
  );

  it('of PDFs never ends the thread that reads them', async () => {
    const worker = new Worker(new URL('damagedPdfThread.ts', import.meta.url), {
      workerData: { bytes: pdf, seeds: 200 },
    });
    const counts = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(counts).toEqual({ read: expect.any(Number), refused: expect.any(Number) });
  });
});
