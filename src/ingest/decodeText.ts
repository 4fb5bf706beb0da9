import { unreadable } from './unreadable.ts';

/** Bytes looked at to tell what text they are. */
const SAMPLE_BYTES = 65_536;
/** Of a text in UTF-16, at least this part of every other byte is zero. */
const UTF16_ZEROS = 0.4;
/** Fewer bytes than these tell nothing. */
const MIN_UTF16_BYTES = 16;
/** Characters of which a text has none, NUL apart: the controls that are neither white space nor escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\u0001-\u0008\u000e-\u001a\u001c-\u001f\u007f]/g;
/** Of a text, at most this part is control characters: old files have a stray one. */
const MAX_CONTROLS = 0.005;

export interface DecodedText {
  readonly text: string;
  /** As the WHATWG names it: `utf-8`, `utf-16le`, `windows-1252` … */
  readonly encoding: string;
}

/**
 * The text of bytes, without its byte order mark. In order: the encoding that a byte order mark shows; the one that
 * the sender said; UTF-8, where the bytes are valid; UTF-16 without a mark, where every other byte is zero; else
 * windows-1252, which old files on disk most often are and which `encoding` then says.
 * @throws AlcoveError UnreadableFileError: MISLABELLED when it is binary, or is not what the sender said.
 */
export function decodeText(bytes: Uint8Array, file: string, charset?: string): DecodedText {
  const encoding = markOf(bytes) ?? namedEncoding(charset, file) ?? guessed(bytes);
  const text = decode(bytes, encoding, file);
  const at = text.indexOf('\0');
  if (at >= 0) throw binary(file, `a NUL character at position ${at}`);
  const sample = text.slice(0, SAMPLE_BYTES);
  const controls = sample.match(CONTROLS)?.length ?? 0;
  if (controls > sample.length * MAX_CONTROLS) throw binary(file, `${controls} control characters`);
  return { text, encoding };
}

function markOf(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

function namedEncoding(charset: string | undefined, file: string): string | undefined {
  if (charset === undefined) return undefined;
  try {
    return new TextDecoder(charset).encoding;
  } catch (cause) {
    throw unreadable(file, 'UNSUPPORTED', {
      got: `the charset ${JSON.stringify(charset)}`,
      expected: 'an encoding that the WHATWG names',
      todo: 'Convert the file to UTF-8.',
      cause,
    });
  }
}

function guessed(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const enough = (sample.length / 2) * UTF16_ZEROS;
  const isWide = bytes.length % 2 === 0 && bytes.length >= MIN_UTF16_BYTES;
  if (isWide && odd >= enough && even === 0) return 'utf-16le';
  if (isWide && even >= enough && odd === 0) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function decode(bytes: Uint8Array, encoding: string, file: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, 'MISLABELLED', {
      got: `bytes that are not ${encoding}`,
      expected: `text in ${encoding}, as its byte order mark or sender says`,
      todo: 'Convert the file to UTF-8.',
      cause,
    });
  }
}

function binary(file: string, got: string): Error {
  return unreadable(file, 'MISLABELLED', {
    got: `binary data (${got})`,
    expected: 'text',
    todo: 'Give the file the name and content type of what it is.',
  });
}
