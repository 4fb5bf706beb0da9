import type { ChunkDraft } from '../embedding/draftVectors.ts';
import { AlcoveError } from '../errors.ts';
import { invalidArgument, quote } from '../library/checks.ts';
import { kindOfId } from '../library/ids.ts';
import { metadataFrom } from '../library/metadataMap.ts';
import { namedDocumentId } from '../library/namedDocumentId.ts';
import type { Library, Metadata } from '../library/types.ts';
import { readVectorValue } from '../library/vectorValue.ts';

/** The document of rows that name none. */
const DEFAULT_DOCUMENT = 'Imported rows';

/** What a document is to be; what is absent stays as it is. */
export interface DocumentFields {
  readonly title?: string;
  readonly author?: string | null;
  readonly sourceUrl?: string | null;
  readonly contentType?: string;
  readonly metadata?: Metadata;
}

export interface RowDocument {
  readonly id: string;
  /** Its title if it is new. */
  readonly newTitle: string;
  readonly fields: DocumentFields;
}

/** A row that has been read: a chunk of a document, or a document alone. */
export interface ImportRow {
  readonly document: RowDocument;
  readonly draft: ChunkDraft | undefined;
}

/** What is said once for all rows of an import. */
export interface RowDefaults {
  readonly library: Library;
  /** The document, by id or title, of rows that name none. */
  readonly document: string | undefined;
  /** What the ids of rows that bring none (or one that is no chunk's) are made with; rows without one can do with a document. */
  readonly prefix: string | undefined;
}

/** What a row may say. Any other key is a metadata field. */
const KEYS = [
  'id',
  'document',
  'text',
  'position',
  'page',
  'headings',
  'metadata',
  'embedding',
  'truncated',
] as const;
type RowValues = { readonly [Key in (typeof KEYS)[number]]?: unknown };
const DOCUMENT_KEYS: readonly string[] = ['id', 'title', 'author', 'sourceUrl', 'contentType', 'metadata'];

/** What a row says. A key that is null is one that is not there. @throws AlcoveError whatever is wrong; its path leads to it. */
export function readRow(value: unknown, line: number, defaults: RowDefaults): ImportRow {
  if (!isMap(value))
    throw invalidArgument('a row', nameOf(value), 'a map such as {"id": "chk_1", "text": "…"}', []);
  const { library } = defaults;
  const row: RowValues = value;
  const document = readDocument(row.document ?? defaults.document ?? DEFAULT_DOCUMENT, library);
  const hasChunk = row.text != null || row.embedding != null || row.id != null;
  if (!hasChunk) {
    if (isMap(row.document)) return { document, draft: undefined };
    throw invalidArgument('a row', 'neither a text nor an embedding', 'one of them, or both', ['text']);
  }
  const vector = row.embedding == null ? undefined : at('embedding', () => readVectorValue(row.embedding));
  if (vector === undefined && row.text == null) {
    throw invalidArgument('a row', 'neither a text nor an embedding', 'one of them, or both', ['text']);
  }
  return {
    document,
    draft: {
      id: chunkId(row.id, line, defaults),
      text: row.text == null ? '' : textAt('text', row.text),
      ...numberAt('position', row.position),
      ...numberAt('page', row.page),
      ...(row.headings == null ? {} : { headings: textsAt('headings', row.headings) }),
      metadata: readMetadata(value, library),
      ...(row.truncated === true ? { truncated: true } : {}),
      vector,
    },
  };
}

/** An id of its own; or one made of the prefix and what the row calls itself; or of the prefix and the row's place. */
function chunkId(given: unknown, line: number, { prefix, document, library }: RowDefaults): string {
  if (given == null) {
    if (prefix !== undefined) return `chk_${prefix}-${line}`;
    if (document !== undefined)
      return `chk_${namedDocumentId(library.id, document).slice('doc_'.length)}-${line}`;
    throw invalidArgument(
      'a row',
      'no id',
      'one, or the parameter prefix (or document) for ids to be made of it and of row numbers',
      ['id'],
    );
  }
  const isNumber = typeof given === 'number' && Number.isSafeInteger(given);
  const id = isNumber ? String(given) : textAt('id', given);
  return prefix === undefined || kindOfId(id) === 'chunk' ? id : `chk_${prefix}-${id}`;
}

function readDocument(given: unknown, library: Library): RowDocument {
  if (typeof given === 'string') return documentCalled(given, library);
  if (!isMap(given))
    throw invalidArgument('a document', nameOf(given), 'its id or title, or a map', ['document']);
  const unknown = Object.keys(given).find((key) => !DOCUMENT_KEYS.includes(key));
  if (unknown !== undefined) {
    throw invalidArgument('a key', quote(unknown), DOCUMENT_KEYS.join(', '), ['document', unknown]);
  }
  const text = (key: string) => (given[key] == null ? {} : { [key]: textAt(key, given[key], ['document']) });
  const name = given.id ?? given.title;
  if (name == null)
    throw invalidArgument('a document', 'neither an id nor a title', 'one of them', ['document']);
  const { id, newTitle } = documentCalled(textAt('id', name, ['document']), library);
  const metadata =
    given.metadata == null ? {} : { metadata: at('document', () => metadataFrom(mapOf(given.metadata))) };
  const fields: DocumentFields = {
    ...text('title'),
    ...text('author'),
    ...text('sourceUrl'),
    ...text('contentType'),
    ...metadata,
  };
  return { id, newTitle: fields.title ?? newTitle, fields };
}

/** By its id; or by its title, in which case its id is made of that. */
function documentCalled(name: string, library: Library): RowDocument {
  const id = kindOfId(name) === 'document' ? name : namedDocumentId(library.id, name);
  return { id, newTitle: name, fields: {} };
}

/** The map called metadata, and the values of fields that stand beside it. */
function readMetadata(row: Readonly<Record<string, unknown>>, library: Library): Metadata {
  const beside: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    if (value == null || (KEYS as readonly string[]).includes(key)) continue;
    if (!library.metadataFields.some(({ name }) => name === key)) {
      const declared = library.metadataFields.map(({ name }) => name);
      throw invalidArgument('a key', quote(key), [...KEYS, ...declared].join(', '), [key]);
    }
    beside[key] = value;
  }
  const named = mapOf(row.metadata);
  if (named == null) return metadataFrom(beside);
  return Object.keys(beside).length === 0 ? metadataFrom(named) : metadataFrom({ ...beside, ...named });
}

/** A map, or JSON of one, as tables have it. */
function mapOf(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    const [got, expected] = ['a text that is not JSON', 'a map of fields to values'];
    throw new AlcoveError('InvalidMetadataError', `Got ${got} as metadata; expected ${expected}.`, {
      path: ['metadata'],
      detail: { field: null, got, expected },
    });
  }
}

function textAt(key: string, given: unknown, path: readonly string[] = []): string {
  if (typeof given === 'string') return given;
  throw invalidArgument(key, nameOf(given), 'a text', [...path, key]);
}

function textsAt(key: string, given: unknown): readonly string[] {
  if (!Array.isArray(given)) throw invalidArgument(key, nameOf(given), 'a list of texts', [key]);
  return given.map((item, index) => textAt(String(index), item, [key]));
}

function numberAt<Key extends string>(key: Key, given: unknown): { readonly [Name in Key]?: number } {
  if (given == null) return {};
  if (typeof given !== 'number') throw invalidArgument(key, nameOf(given), 'a whole number', [key]);
  return { [key]: given } as { readonly [Name in Key]: number };
}

function at<T>(key: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof AlcoveError ? error.within(key) : error;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
