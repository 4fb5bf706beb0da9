import { extname } from 'node:path';
import { AlcoveError } from '../errors.ts';

/** What can be read, as its media type. */
export type ContentType = TextType | BinaryType;
/** What is text: it can come in a request as well as in a file. */
export type TextType =
  | 'text/plain'
  | 'text/markdown'
  | 'text/html'
  | 'text/csv'
  | 'text/tab-separated-values'
  | 'application/x-ndjson';
export type BinaryType = 'application/pdf' | typeof DOCX | typeof EPUB;

export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const EPUB = 'application/epub+zip';
/** The part of an archive that shows that it is a Word document, or an EPUB book. */
export const DOCX_MAIN_PART = 'word/document.xml';
export const EPUB_CONTAINER_PART = 'META-INF/container.xml';

const TEXT_EXTENSIONS: Readonly<Record<string, TextType>> = {
  '.txt': 'text/plain',
  '.text': 'text/plain',
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.xhtml': 'text/html',
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
};
const EXTENSIONS: Readonly<Record<string, ContentType>> = {
  ...TEXT_EXTENSIONS,
  '.pdf': 'application/pdf',
  '.docx': DOCX,
  '.epub': EPUB,
};
/** Other names of the same. */
const ALIASES: Readonly<Record<string, ContentType>> = {
  'text/x-markdown': 'text/markdown',
  'application/xhtml+xml': 'text/html',
  'application/csv': 'text/csv',
  'application/jsonl': 'application/x-ndjson',
  'application/x-jsonlines': 'application/x-ndjson',
  'application/jsonlines': 'application/x-ndjson',
  'application/ndjson': 'application/x-ndjson',
  'application/x-pdf': 'application/pdf',
};
/** What senders say that do not know better; a file's name knows more. */
const VAGUE = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/zip',
  'application/x-zip-compressed',
  'application/vnd.ms-excel',
  'text/plain',
]);

const TEXT_TYPES: ReadonlySet<string> = new Set(Object.values(TEXT_EXTENSIONS));
const CONTENT_TYPES: ReadonlySet<string> = new Set(Object.values(EXTENSIONS));

/** The supported media types and extensions, as error messages name them. */
export const SUPPORTED = `${[...CONTENT_TYPES].join(', ')} (files ending in ${Object.keys(EXTENSIONS).join(', ')})`;

/** Whether a file of this name can be ingested. */
export function isSupportedFile(fileName: string): boolean {
  return typeOfName(fileName) !== undefined;
}

export function isText(contentType: ContentType): contentType is TextType {
  return TEXT_TYPES.has(contentType);
}

/** A media type without its parameters, in lower case; an alias becomes what it stands for. */
export function mediaTypeOf(said: string): string {
  const mediaType = said.split(';')[0]?.trim().toLowerCase() ?? '';
  return (Object.hasOwn(ALIASES, mediaType) && ALIASES[mediaType]) || mediaType;
}

/**
 * The content type of a text that comes in a request.
 * @throws AlcoveError InvalidArgumentError naming those that a text can have.
 */
export function textTypeOf(contentType: string): TextType {
  const said = mediaTypeOf(contentType);
  if (isContentType(said) && isText(said)) return said;
  const expected = [...TEXT_TYPES].join(', ');
  throw new AlcoveError(
    'InvalidArgumentError',
    `Cannot read a text as ${JSON.stringify(contentType)}: the supported content types are ${expected}.`,
    { path: ['contentType'], detail: { got: contentType, expected } },
  );
}

/** The `charset` parameter of a media type, if it has one. */
export function charsetOf(said: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(said ?? '')?.[1];
}

/**
 * What a source says that it is: by its content type, or by its name where that is missing or says nothing
 * (`application/octet-stream`, or `text/plain` for a name that tells which text). Undefined when neither says anything.
 * @throws AlcoveError InvalidArgumentError naming the supported ones.
 */
export function saidType(source: {
  readonly contentType?: string;
  readonly fileName?: string;
}): ContentType | undefined {
  const said = mediaTypeOf(source.contentType ?? '');
  const named = typeOfName(source.fileName ?? '');
  if (named !== undefined && VAGUE.has(said)) return named;
  if (isContentType(said)) return said;
  if (VAGUE.has(said) && extname(source.fileName ?? '') === '') return undefined;
  throw unsupported(source.contentType ?? source.fileName ?? null);
}

/**
 * As {@link saidType}, where one must be known.
 * @throws AlcoveError InvalidArgumentError naming the supported ones.
 */
export function contentTypeOf(source: {
  readonly contentType?: string;
  readonly fileName?: string;
}): ContentType {
  const said = saidType(source);
  if (said === undefined) throw unsupported(source.contentType ?? source.fileName ?? null);
  return said;
}

function typeOfName(fileName: string): ContentType | undefined {
  const extension = extname(fileName).toLowerCase();
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

function isContentType(mediaType: string): mediaType is ContentType {
  return CONTENT_TYPES.has(mediaType);
}

function unsupported(got: string | null): AlcoveError {
  return new AlcoveError(
    'InvalidArgumentError',
    `Cannot read ${got === null ? 'a source without name and type' : JSON.stringify(got)}: ` +
      `the supported content types are ${SUPPORTED}.`,
    { path: ['contentType'], detail: { got, expected: [...CONTENT_TYPES].join(', ') } },
  );
}
