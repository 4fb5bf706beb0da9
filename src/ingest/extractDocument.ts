import { basename } from 'node:path';
import { AlcoveError } from '../errors.ts';
import { Archive } from './Archive.ts';
import {
  type ContentType,
  charsetOf,
  DOCX,
  DOCX_MAIN_PART,
  EPUB,
  EPUB_CONTAINER_PART,
  isText,
  SUPPORTED,
  saidType,
} from './contentTypes.ts';
import { decodeText } from './decodeText.ts';
import type { ExtractedDocument } from './ExtractedDocument.ts';
import { readEpub } from './epub.ts';
import { DEFAULT_EXTRACT_LIMITS, type ExtractLimits } from './extractLimits.ts';
import { type FileKind, fileKindOf } from './fileKind.ts';
import { checkCharacterCount, checkNotCancelled, type ReadContext } from './ReadContext.ts';
import { readText } from './readText.ts';
import { unreadable } from './unreadable.ts';

/** A file to read. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  /** Names it in errors, and its ending says what it is. */
  readonly fileName?: string;
  /** As its sender says; see {@link saidType}. */
  readonly contentType?: string;
}

export interface ExtractOptions {
  /** Looked at between pages and parts; what one call of a parser takes, only the end of its thread ends. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<ExtractLimits>;
}

/**
 * The text of a file, with its structure. What the file is said to be and what its bytes show must agree; where nothing
 * is said, the bytes decide. Whatever the bytes are, this ends in a document or in one of its errors.
 * @throws AlcoveError UnreadableFileError naming the file, what was got, what was expected and what to do; CancelledError.
 */
export async function extractDocument(
  source: SourceBytes,
  options: ExtractOptions = {},
): Promise<ExtractedDocument> {
  const { bytes } = source;
  const context: ReadContext = {
    file: source.fileName === undefined ? 'the file' : basename(source.fileName),
    limits: { ...DEFAULT_EXTRACT_LIMITS, ...options.limits },
    signal: options.signal,
  };
  checkFileSize(bytes.length, context);
  checkNotCancelled(context);
  const said = typeSaid(source, context);
  const kind = fileKindOf(bytes);
  if (typeof kind === 'object') throw notSupported(said, kind.other, context);
  const document = await READERS[kind](source, said, context);
  checkNotCancelled(context);
  if (document.text.trim() === '') throw withoutText(document, context);
  return document;
}

/**
 * Whether a file is of a size that can be read; to be asked before it is.
 * @throws AlcoveError UnreadableFileError EMPTY or TOO_LARGE
 */
export function checkFileSize(
  bytes: number,
  {
    file,
    limits = DEFAULT_EXTRACT_LIMITS,
  }: { readonly file: string; readonly limits?: Pick<ExtractLimits, 'maxBytes'> },
): void {
  const got = `a file of ${bytes} bytes`;
  if (bytes === 0) {
    throw unreadable(file, 'EMPTY', {
      got,
      expected: 'a file with text',
      todo: 'Leave it out, or fetch it anew.',
    });
  }
  if (bytes > limits.maxBytes) {
    throw unreadable(file, 'TOO_LARGE', {
      got,
      expected: `at most ${limits.maxBytes} bytes`,
      todo: 'Split it.',
    });
  }
}

type Reader = (
  source: SourceBytes,
  said: ContentType | undefined,
  context: ReadContext,
) => Promise<ExtractedDocument>;

/** What reads a file whose bytes show what they are. Large libraries are loaded when they are needed. */
const READERS: Readonly<Record<Extract<FileKind, string>, Reader>> = {
  async TEXT({ bytes, contentType, fileName }, said, context) {
    if (said !== undefined && !isText(said)) throw mislabelled(said, 'something else', context);
    const { text, encoding } = decodeText(bytes, context.file, charsetOf(contentType));
    checkCharacterCount(text.length, context);
    const type = said ?? (/^\s*<(?:!doctype\s+html|html)\b/i.test(text) ? 'text/html' : 'text/plain');
    const document = readText(text, type, context);
    const title = document.title ?? (RECORDS.has(type) && fileName !== undefined ? context.file : undefined);
    return { ...document, ...(title === undefined ? {} : { title }), encoding };
  },

  async PDF({ bytes }, said, context) {
    if (said !== undefined && said !== 'application/pdf') throw mislabelled(said, 'a PDF document', context);
    const { readPdf } = await import('./pdf.ts');
    return readPdf(bytes, context);
  },

  async ZIP({ bytes }, said, context) {
    if (said !== undefined && said !== DOCX && said !== EPUB) {
      throw mislabelled(said, 'a ZIP archive', context);
    }
    const archive = await Archive.open(bytes, context);
    const found = typeOfArchive(archive);
    if (found === undefined) throw notSupported(said, 'a ZIP archive of something else', context);
    if (said !== undefined && said !== found) throw mislabelled(said, found, context);
    if (found === EPUB) return readEpub(archive, context);
    const { readDocx } = await import('./docx.ts');
    return readDocx(archive, context);
  },

  async OLE({ bytes }, said, context) {
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(ENCRYPTED_PACKAGE)) {
      throw unreadable(context.file, 'ENCRYPTED', {
        got: 'an encrypted Office document',
        expected: 'one that opens without a password',
        todo: 'Save a copy without its password.',
      });
    }
    throw notSupported(said, 'an Office document of before 2007', context);
  },
};

/** Files of records have no title of their own; the first row is none. */
const RECORDS: ReadonlySet<ContentType> = new Set<ContentType>([
  'text/csv',
  'text/tab-separated-values',
  'application/x-ndjson',
]);

/** The stream in which Office keeps a document that it encrypts ([MS-OFFCRYPTO] 2.1.4), as its directory names it. */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

function typeOfArchive(archive: Archive): typeof DOCX | typeof EPUB | undefined {
  if (archive.has(DOCX_MAIN_PART)) return DOCX;
  if (archive.has(EPUB_CONTAINER_PART)) return EPUB;
  return undefined;
}

/** What the source says that it is; a kind that is not read is the file's fault here. */
function typeSaid(source: SourceBytes, { file }: ReadContext): ContentType | undefined {
  try {
    return saidType(source);
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    throw unreadable(file, 'UNSUPPORTED', {
      got: source.contentType ?? source.fileName ?? 'no content type',
      expected: `one of ${SUPPORTED}`,
      todo: 'Convert it, or name it as what it is.',
      cause: error,
    });
  }
}

function mislabelled(said: ContentType, got: string, { file }: ReadContext): AlcoveError {
  return unreadable(file, 'MISLABELLED', {
    got,
    expected: `${said}, as its name or content type says`,
    todo: 'Give it the name and content type of what it is.',
  });
}

function notSupported(said: ContentType | undefined, got: string, context: ReadContext): AlcoveError {
  if (said !== undefined) return mislabelled(said, got, context);
  return unreadable(context.file, 'UNSUPPORTED', {
    got,
    expected: `one of ${SUPPORTED}`,
    todo: 'Convert it.',
  });
}

function withoutText({ contentType }: ExtractedDocument, { file }: ReadContext): AlcoveError {
  const isPdf = contentType === 'application/pdf';
  return unreadable(file, 'NO_TEXT', {
    got: isPdf ? 'pages without text (pictures of it, most likely)' : 'a file without text',
    expected: 'text',
    todo: isPdf ? 'Run text recognition (OCR) over it first.' : 'Leave it out.',
  });
}
