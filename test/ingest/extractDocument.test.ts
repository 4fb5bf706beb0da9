import { describe, expect, it } from 'vitest';
import { chunkDocument } from '../../src/ingest/chunkDocument.ts';
import { extractDocument, type SourceBytes } from '../../src/ingest/extractDocument.ts';
import { characterFlaw } from '../../src/library/checks.ts';
import { docxParts, epubParts, wordParagraph, zipOf } from './archives.ts';
import { encryptedPdf, pdfOf } from './pdfs.ts';

const file = (fileName: string, content: string | Uint8Array): SourceBytes => ({
  fileName,
  bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
});

/** The chunks of a file as whoever searches sees them. */
async function chunksOf(source: SourceBytes) {
  const { title, chunks } = chunkDocument(await extractDocument(source));
  return { title, chunks: chunks.map(({ text, page, headings }) => ({ text, page, headings })) };
}

describe('a PDF', () => {
  const body = (y: number, ...texts: string[]) => texts.map((text, at) => ({ text, y: y + at * 13 }));

  it('is read page by page, lines joined to paragraphs and words made whole', async () => {
    const bytes = await pdfOf(
      [
        [
          { text: 'Chapter 1', y: 60, size: 20 },
          ...body(
            100,
            'Press the red button when the machine begins to smoke, and wait for the oper-',
            'ator to come.',
          ),
          ...body(150, 'Then go home by the well-', 'Known road.'),
        ],
        [{ text: 'Chapter 2', y: 60, size: 20 }, ...body(100, 'Switch it off.')],
      ],
      { title: 'The Handbook', author: 'Ada Lovelace' },
    );
    expect(await extractDocument(file('a.pdf', bytes))).toMatchObject({
      contentType: 'application/pdf',
      title: 'The Handbook',
      author: 'Ada Lovelace',
      problems: [],
    });
    const long = 'Press the red button when the machine begins to smoke, and wait for the operator to come.';
    expect(await chunksOf(file('a.pdf', bytes))).toEqual({
      title: 'The Handbook',
      chunks: [
        {
          text: `Chapter 1\n\n${long}\n\nThen go home by the well- Known road.`,
          page: 1,
          headings: ['Chapter 1'],
        },
        { text: 'Chapter 2\n\nSwitch it off.', page: 2, headings: ['Chapter 2'] },
      ],
    });
  });

  it('takes its headings from its outline where it has one', async () => {
    const bytes = await pdfOf(
      [
        body(60, 'Introduction', 'These are the first words of the text.'),
        body(60, 'Words on the page after it.'),
      ],
      {
        outline: [
          ['1. Introduction', 1],
          ['Results', 2],
        ],
      },
    );
    const { chunks } = await chunksOf(file('paper.pdf', bytes));
    expect(chunks.map(({ page, headings }) => ({ page, headings }))).toEqual([
      { page: 1, headings: ['Introduction'] },
      { page: 2, headings: ['Results'] },
    ]);
  });

  it('is read column by column, as it was drawn', async () => {
    const bytes = await pdfOf([
      [
        ...body(60, 'The left column tells of the', 'harbour, the ships and their'),
        ...body(60, 'crews. The right column is', 'about the mountains.').map((line) => ({
          ...line,
          x: 320,
        })),
      ],
    ]);
    const { text } = await extractDocument(file('columns.pdf', bytes));
    expect(text.trim()).toBe(
      'The left column tells of the harbour, the ships and their crews. The right column is about the mountains.',
    );
  });

  it('tells what runs along the edge of its pages once, and no page numbers', async () => {
    const bytes = await pdfOf(
      [1, 2, 3, 4].map((page) => [
        { text: 'The Handbook of Machines', y: 30, size: 9 },
        ...body(80, `Page ${page} tells of the`, 'machine in words of its own'),
        ...body(110, 'and more words than', 'two lines hold.'),
        { text: `${page}`, x: 300, y: 780 },
      ]),
    );
    const { text } = await extractDocument(file('a.pdf', bytes));
    expect(text.match(/Handbook of Machines/g)).toHaveLength(1);
    expect(text.match(/tells of the/g)).toHaveLength(4);
    expect(text).not.toMatch(/^\d$/m);
  });

  it('is not called by a title that a program made up', async () => {
    const bytes = await pdfOf(
      [
        [
          { text: 'The real title', y: 50, size: 20 },
          ...body(90, 'Words that follow it, in the usual size.'),
        ],
      ],
      {
        title: 'Microsoft Word - final_v2.doc',
      },
    );
    expect((await chunksOf(file('a.pdf', bytes))).title).toBe('The real title');
  });

  it('is read when it is encrypted without a password for its readers', async () => {
    const { text } = await extractDocument(file('restricted.pdf', encryptedPdf('Not to be printed', '')));
    expect(text.trim()).toBe('Not to be printed');
  });

  it('leaves the bytes to their owner', async () => {
    const bytes = await pdfOf([body(60, 'Some words.')]);
    const before = Buffer.from(bytes);
    await extractDocument(file('a.pdf', bytes));
    expect(before.equals(bytes)).toBe(true);
  });
});

describe('a Word document', () => {
  it('is read with its title, headings, lists and tables', async () => {
    const cell = (text: string) => `<w:tc>${wordParagraph(text)}</w:tc>`;
    const parts = docxParts(
      [
        wordParagraph('Guide', 'Heading1'),
        wordParagraph('Press the &lt;red&gt; button.'),
        wordParagraph('Safety', 'Heading2'),
        `<w:tbl><w:tr>${cell('Colour')}${cell('Meaning')}</w:tr><w:tr>${cell('red')}${cell('stop')}</w:tr></w:tbl>`,
      ].join(''),
      'The Handbook',
    );
    expect(await extractDocument(file('a.docx', zipOf(parts)))).toMatchObject({
      title: 'The Handbook',
      author: 'Ada Lovelace',
    });
    expect((await chunksOf(file('a.docx', zipOf(parts)))).chunks).toEqual([
      { text: 'Guide\n\nPress the <red> button.', page: null, headings: ['Guide'] },
      { text: 'Safety\n\nColour | Meaning\nred | stop', page: null, headings: ['Guide', 'Safety'] },
    ]);
  });
});

describe('a book', () => {
  it('is read in the order of its spine, whatever its parts are called', async () => {
    const parts = epubParts([
      { href: 'z%20first.xhtml', html: '<h1>One</h1><p>The first chapter.<br/>Its second line.</p>' },
      { href: 'a.xhtml', html: '<h1>Two</h1><p>The second &#8212; and last.</p>' },
    ]);
    expect(await extractDocument(file('a.epub', zipOf(parts)))).toMatchObject({
      title: 'The Book',
      author: 'Mary Shelley',
    });
    expect((await chunksOf(file('a.epub', zipOf(parts)))).chunks).toEqual([
      { text: 'One\n\nThe first chapter.\nIts second line.', page: null, headings: ['One'] },
      { text: 'Two\n\nThe second — and last.', page: null, headings: ['Two'] },
    ]);
  });

  it('goes in without a chapter that is not there, and says which', async () => {
    const parts = epubParts([
      { href: 'one.xhtml', html: '<p>Here.</p>' },
      { href: '../../etc/passwd', html: '' },
    ]);
    const document = await extractDocument(
      file('a.epub', zipOf(parts.filter(({ name }) => !name.includes('..')))),
    );
    expect(document.text.trim()).toBe('Here.');
    expect(document.problems.map(({ message }) => message)).toEqual([
      'a.epub, ../etc/passwd: got a chapter that is not there; expected a chapter. Fetch the book anew.',
    ]);
  });
});

describe('HTML', () => {
  it('is read as people see it', async () => {
    const html = `<!doctype html><html><head><title>A &amp; B</title><meta name=author content="Ada"><style>p{}</style></head>
      <body><nav><a href=/>Home</a></nav><h1>The <em>first</em></h1><p>One <a href=x>link</a>,
      <b>bold</b>.<br>Next line<p>Two<ul><li>x<li>y<ol><li>z<li>zz</ol></ul>
      <table><caption>Figures</caption><tr><th>a<th>b<tr><td>1<td></td><td>2</table>
      <pre>  if (x)\n    y();\n</pre><script>alert("no")</script><h2>Last</h2>tail<img alt="of a cat"></body></html>`;
    const { title, author, text } = await extractDocument(file('a.html', html));
    expect({ title, author }).toEqual({ title: 'A & B', author: 'Ada' });
    expect(text.trim().split('\n\n')).toEqual([
      'The first',
      'One link, bold.\nNext line',
      'Two',
      '- x',
      '- y',
      '1. z',
      '2. zz',
      'Figures\na | b\n1 |  | 2',
      '  if (x)\n    y();',
      'Last',
      'tail of a cat',
    ]);
  });

  it('with a table for its layout is read by what that holds', async () => {
    const html =
      '<table><tr><td>Logo<td><h1>Guide</h1><p>Words.<table><tr><td>a<td>1</table>After<tr><td>Foot</table>';
    const { text } = await extractDocument(file('old.html', html));
    expect(text.trim().split('\n\n')).toEqual(['Logo', 'Guide', 'Words.', 'a | 1', 'After', 'Foot']);
  });

  it('that is nothing but navigation is read with it', async () => {
    const { text } = await extractDocument(file('a.html', '<nav><a href=/>Home</a></nav>'));
    expect(text.trim()).toBe('Home');
  });

  it('without a name is known by its beginning', async () => {
    const bytes = new TextEncoder().encode('\n<!DOCTYPE html><p>Hello');
    expect(await extractDocument({ bytes })).toMatchObject({ contentType: 'text/html', text: 'Hello\n\n' });
  });
});

describe('rows and lines', () => {
  it('of CSV are records under their row, with their columns named; the delimiter is found', async () => {
    const csv = 'name;says\nBob;"Hello; and\nbye"\n\nEve;""\n';
    expect(await chunksOf(file('people.csv', csv))).toEqual({
      title: 'people.csv',
      chunks: [
        { text: 'name: Bob\nsays: Hello; and\nbye', page: null, headings: ['Row 2'] },
        { text: 'name: Eve', page: null, headings: ['Row 3'] },
      ],
    });
    const { chunks } = await chunksOf(file('a.tsv', '1\ta,b\n2\tc,d\n'));
    expect(chunks.map(({ text }) => text)).toEqual([
      'column 1: 1\ncolumn 2: a,b',
      'column 1: 2\ncolumn 2: c,d',
    ]);
  });

  it('of CSV with a field too long are cut, and said so', async () => {
    const source = file('a.csv', `name,says\nBob,${'x'.repeat(2_000)}\nEve,hi\n`);
    const { text, problems } = await extractDocument(source, { limits: { maxFieldCharacters: 1_000 } });
    expect(text).toContain(`says: ${'x'.repeat(1_000)}\n`);
    expect(problems.map(({ message }) => message)).toEqual([
      'a.csv, row 2: got a field of 2000 characters; expected at most 1000; the rest is left out. Split the record.',
    ]);
  });

  it('of JSONL are the field that holds the text, or every string; bad lines are named and the others go in', async () => {
    const lines = [
      '{"title":"Tea","text":"Eighty degrees.","id":7}',
      '{"a":"x","b":{"c":["y","z"]},"n":1}',
      '{oops',
      '7',
      '"plain"',
    ];
    const source = file('a.jsonl', `${lines.join('\n')}\n`);
    expect((await chunksOf(source)).chunks).toEqual([
      { text: 'Tea\n\nEighty degrees.', page: null, headings: ['Line 1'] },
      { text: 'a: x\nb.c: y, z', page: null, headings: ['Line 2'] },
      { text: 'plain', page: null, headings: ['Line 5'] },
    ]);
    const { problems } = await extractDocument(source);
    expect(problems.map(({ kind, detail }) => [kind, detail.file, detail.reason])).toEqual([
      ['UnreadableFileError', 'a.jsonl, line 3', 'CORRUPT'],
      ['UnreadableFileError', 'a.jsonl, line 4', 'CORRUPT'],
    ]);
  });

  it('tell a hundred problems one by one, and how many more there are', async () => {
    const { problems } = await extractDocument(file('a.jsonl', `"good"\n${'bad\n'.repeat(150)}`));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toContain('50 more');
  });
});

describe('what a file says', () => {
  it('can be stored, whatever characters are in it, and however long its headings are', async () => {
    const smileys = '😀'.repeat(300);
    const sources = [
      file('a.jsonl', '{"title":"a\\u0000b","text":"x\\ud800y\\u0000"}\n'),
      file('a.html', `<title>x${smileys}</title><h1>x${smileys}</h1><p>&#0;&#xd800;words`),
      file('a.md', `---\ntitle: x${smileys}\n---\n# x${smileys}\n\nwords`),
      file(
        'a.docx',
        zipOf(docxParts(wordParagraph(`x${smileys}`, 'Heading1') + wordParagraph('words'), `x${smileys}`)),
      ),
      file('a.txt', `x${smileys}`),
    ];
    for (const source of sources) {
      const { title, chunks } = await chunksOf(source);
      for (const text of [title, ...chunks.flatMap((chunk) => [chunk.text, ...chunk.headings])]) {
        expect(characterFlaw(text)).toBeUndefined();
      }
      for (const text of [title, ...chunks.flatMap(({ headings }) => headings)]) {
        expect(text.length).toBeLessThanOrEqual(200);
      }
    }
  });
});

it('an extracted document is plain data, to cross threads', async () => {
  const document = await extractDocument(file('a.md', '# A\n\nb'));
  expect(structuredClone(document)).toEqual(document);
});
