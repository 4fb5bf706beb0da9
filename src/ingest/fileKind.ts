/** What bytes show of themselves, whatever their name says. TEXT: nothing else was found. */
export type FileKind = 'TEXT' | 'PDF' | 'ZIP' | 'OLE' | { readonly other: string };

/** A PDF may begin with so many bytes of something else (ISO 32000-1, annex H.3.4.1, on what readers accept). */
const PDF_HEADER_WITHIN = 1_024;

/** What begins files that cannot be read here, to say what was got. */
const OTHERS: readonly (readonly [string, readonly number[]])[] = [
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a RIFF file (WebP, WAV, AVI)', [0x52, 0x49, 0x46, 0x46]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a bzip2 archive', [0x42, 0x5a, 0x68]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21, 0x1a]],
  ['an ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a WebAssembly module', [0x00, 0x61, 0x73, 0x6d]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66, 0x6f, 0x72, 0x6d, 0x61, 0x74]],
  ['an RTF document', [0x7b, 0x5c, 0x72, 0x74, 0x66]],
];

/** By the bytes that a file begins with. */
export function fileKindOf(bytes: Uint8Array): FileKind {
  if (begins(bytes, [0x50, 0x4b, 0x03, 0x04]) || begins(bytes, [0x50, 0x4b, 0x05, 0x06])) return 'ZIP';
  if (begins(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return 'OLE';
  const other = OTHERS.find(([, magic]) => begins(bytes, magic));
  if (other) return { other: other[0] };
  return isPdf(bytes) ? 'PDF' : 'TEXT';
}

/** A header at the very start, or after what is no text: a text may well write of `%PDF-1.7`. */
function isPdf(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PDF_HEADER_WITHIN));
  const at = head.indexOf('%PDF-');
  if (at <= 0) return at === 0;
  return head.subarray(0, at).every((byte) => byte <= 0x20) || head.subarray(0, at).includes(0);
}

function begins(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
