import { extname } from 'node:path';
import { AlcoveError } from '../errors.ts';

/** What a document's text can be, as its media type. */
export type ContentType = 'text/plain' | 'text/markdown';

const EXTENSIONS: Readonly<Record<string, ContentType>> = {
  '.txt': 'text/plain',
  '.text': 'text/plain',
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
};
const CONTENT_TYPES: ReadonlySet<string> = new Set(Object.values(EXTENSIONS));

/** The supported media types and extensions, as error messages name them. */
const SUPPORTED = `${[...CONTENT_TYPES].join(', ')} (files ending in ${Object.keys(EXTENSIONS).join(', ')})`;

/** Whether a file of this name can be ingested. */
export function isSupportedFile(fileName: string): boolean {
  return extname(fileName).toLowerCase() in EXTENSIONS;
}

/**
 * The content type that was said (parameters such as `; charset=utf-8` are passed over), or that the file's extension
 * says.
 * @throws AlcoveError InvalidArgumentError naming the supported ones.
 */
export function contentTypeOf(source: {
  readonly contentType?: string;
  readonly fileName?: string;
}): ContentType {
  const said = source.contentType?.split(';')[0]?.trim().toLowerCase();
  const known = said ?? EXTENSIONS[extname(source.fileName ?? '').toLowerCase()];
  if (known !== undefined && CONTENT_TYPES.has(known)) return known as ContentType;
  const got = source.contentType ?? source.fileName ?? null;
  throw new AlcoveError(
    'InvalidArgumentError',
    `Cannot read ${got === null ? 'a source without name and type' : JSON.stringify(got)}: ` +
      `the supported content types are ${SUPPORTED}.`,
    { path: ['contentType'], detail: { got, expected: [...CONTENT_TYPES].join(', ') } },
  );
}

/**
 * A file's text: UTF-8, without its byte order mark.
 * @throws AlcoveError InvalidArgumentError when the type is not supported, or the bytes are not UTF-8 text.
 */
export function extractText(file: {
  readonly bytes: Uint8Array;
  readonly fileName?: string;
  readonly contentType?: string;
}): { readonly text: string; readonly contentType: ContentType } {
  const contentType = contentTypeOf(file);
  return { text: decodeUtf8(file.bytes, file.fileName ?? 'the source'), contentType };
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notText(`${name} is not valid UTF-8: convert it to UTF-8 first.`, 'other bytes', cause);
  }
  const at = text.indexOf('\0');
  if (at >= 0) {
    throw notText(`${name} is not text: it has a NUL character at position ${at}.`, 'binary data');
  }
  return text;
}

function notText(message: string, got: string, cause?: unknown): AlcoveError {
  return new AlcoveError('InvalidArgumentError', message, {
    path: ['text'],
    detail: { got, expected: 'UTF-8 text' },
    cause,
  });
}
