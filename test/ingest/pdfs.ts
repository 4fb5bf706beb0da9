import { createHash } from 'node:crypto';
import { PDFArray, PDFDocument, PDFHexString, PDFName, StandardFonts } from 'pdf-lib';

/** A line of text on a page: where it begins, in points from the top left corner. */
export interface DrawnLine {
  readonly text: string;
  readonly x?: number;
  readonly y: number;
  readonly size?: number;
}

export interface PdfFacts {
  readonly title?: string;
  readonly author?: string;
  /** Titles and the pages that they lead to, from 1. */
  readonly outline?: readonly (readonly [title: string, page: number])[];
}

const PAGE_HEIGHT = 800;

/** A PDF with these lines on its pages. */
export async function pdfOf(
  pages: readonly (readonly DrawnLine[])[],
  facts: PdfFacts = {},
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  if (facts.title !== undefined) pdf.setTitle(facts.title);
  if (facts.author !== undefined) pdf.setAuthor(facts.author);
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const lines of pages) {
    const page = pdf.addPage([600, PAGE_HEIGHT]);
    for (const { text, x = 50, y, size = 11 } of lines)
      page.drawText(text, { x, y: PAGE_HEIGHT - y, size, font });
  }
  if (facts.outline) addOutline(pdf, facts.outline);
  return pdf.save({ useObjectStreams: false });
}

function addOutline(pdf: PDFDocument, entries: NonNullable<PdfFacts['outline']>): void {
  const { context } = pdf;
  const root = context.nextRef();
  const references = entries.map(() => context.nextRef());
  entries.forEach(([title, page], at) => {
    const destination = PDFArray.withContext(context);
    destination.push(pdf.getPage(page - 1).ref);
    destination.push(PDFName.of('Fit'));
    const next = references[at + 1];
    const entry = context.obj({ Parent: root, Dest: destination, ...(next ? { Next: next } : {}) });
    entry.set(PDFName.of('Title'), PDFHexString.fromText(title));
    context.assign(references[at] ?? root, entry);
  });
  const [first, last] = [references[0], references.at(-1)];
  context.assign(root, context.obj({ Type: 'Outlines', First: first, Last: last, Count: entries.length }));
  pdf.catalog.set(PDFName.of('Outlines'), root);
}

/** A page that is a picture and nothing else. */
export async function scannedPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  pdf
    .addPage([600, PAGE_HEIGHT])
    .drawImage(await pdf.embedPng(Buffer.from(pixel, 'base64')), { width: 500, height: 700 });
  return pdf.save();
}

/** The string that passwords are filled up with (ISO 32000-1, 7.6.3.3, algorithm 2). */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

/**
 * A PDF of one line, encrypted by the standard security handler with 40-bit RC4 (ISO 32000-1, 7.6.3, revision 2), by
 * hand, since no library here writes one. Without a user's password anybody may open it.
 */
export function encryptedPdf(text: string, userPassword: string): Buffer {
  const id = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(-64);
  const owner = rc4(md5(padded('owner')).subarray(0, 5), padded(userPassword));
  const key = md5(padded(userPassword), owner, permissions, id).subarray(0, 5);
  const user = rc4(key, PADDING);
  const ofObject = (number: number) => md5(key, Buffer.of(number, 0, 0, 0, 0)).subarray(0, 10);
  const content = rc4(ofObject(4), Buffer.from(`BT /F1 12 Tf 50 700 Td (${text}) Tj ET`, 'latin1'));
  const hex = (bytes: Buffer) => `<${bytes.toString('hex')}>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content.toString('latin1')}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Filter /Standard /V 1 /R 2 /P -64 /O ${hex(owner)} /U ${hex(user)} >>`,
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Encrypt 6 0 R /ID [${hex(id)} ${hex(id)}] >>\n`;
  return Buffer.from(`${file}startxref\n${xref}\n%%EOF\n`, 'latin1');
}

function padded(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), PADDING]).subarray(0, 32);
}

function md5(...parts: readonly Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number) => state[index & 255] ?? 0;
  const swap = (one: number, other: number) => {
    [state[one], state[other]] = [at(other), at(one)];
  };
  let other = 0;
  for (let index = 0; index < 256; index++) {
    other = (other + at(index) + (key[index % key.length] ?? 0)) & 255;
    swap(index, other);
  }
  let [one, two] = [0, 0];
  return data.map((byte) => {
    one = (one + 1) & 255;
    two = (two + at(one)) & 255;
    swap(one, two);
    return byte ^ at(at(one) + at(two));
  }) as Buffer;
}
