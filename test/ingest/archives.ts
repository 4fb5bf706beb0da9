import { crc32, deflateRawSync } from 'node:zlib';

/** One file of an archive. */
export interface ZipPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Stored as it is, as EPUB wants its first part. */
  readonly stored?: boolean;
  /** What the archive says that it unpacks to, if not the truth. */
  readonly saidBytes?: number;
  readonly encrypted?: boolean;
}

/** A ZIP archive (APPNOTE.TXT 6.3.10), without data descriptors or ZIP64. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content);
    const packed = part.stored ? content : deflateRawSync(content);
    const name = Buffer.from(part.name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((part.encrypted ? 1 : 0) | 0x800, 2);
    common.writeUInt16LE(part.stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(part.saidBytes ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
    const central = Buffer.alloc(16);
    central.writeUInt32LE(offset, 12);
    centrals.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, central.subarray(2), name]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** The parts of a Word document with this body, in WordprocessingML. */
export function docxParts(body: string, title?: string): ZipPart[] {
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  const styles = [1, 2].map(
    (level) =>
      `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  return [
    {
      name: '[Content_Types].xml',
      content: `${XML}<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
    },
    {
      name: '_rels/.rels',
      content: `${XML}<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
    },
    { name: 'word/document.xml', content: `${XML}<w:document ${WORD}><w:body>${body}</w:body></w:document>` },
    {
      name: 'word/_rels/document.xml.rels',
      content: `${XML}<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    },
    { name: 'word/styles.xml', content: `${XML}<w:styles ${WORD}>${styles.join('')}</w:styles>` },
    ...(title === undefined
      ? []
      : [
          {
            name: 'docProps/core.xml',
            content: `${XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title><dc:creator>Ada Lovelace</dc:creator></cp:coreProperties>`,
          },
        ]),
  ];
}

/** A paragraph in WordprocessingML. */
export function wordParagraph(text: string, style?: string): string {
  const properties = style === undefined ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** The parts of a book, its chapters in the order of the spine; a hostile `href` goes into its manifest as it is. */
export function epubParts(chapters: readonly { readonly href: string; readonly html: string }[]): ZipPart[] {
  const items = chapters.map(
    ({ href }, at) => `<item id="c${at}" href="${href}" media-type="application/xhtml+xml"/>`,
  );
  const references = chapters.map((_, at) => `<itemref idref="c${at}"/>`);
  return [
    { name: 'mimetype', content: 'application/epub+zip', stored: true },
    {
      name: 'META-INF/container.xml',
      content: `${XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    },
    {
      name: 'OEBPS/content.opf',
      content: `${XML}<package version="3.0" xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Book</dc:title><dc:creator>Mary Shelley</dc:creator></metadata><manifest>${items.reverse().join('')}</manifest><spine>${references.join('')}</spine></package>`,
    },
    ...chapters.map(({ href, html }) => ({
      name: `OEBPS/${href.replaceAll('%20', ' ')}`,
      content: `${XML}<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${html}</body></html>`,
    })),
  ];
}
