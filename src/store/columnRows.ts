import type { Database } from './Database.ts';

/** What a column can be made of: an SQL expression over `chunks c` and `documents d`, under the name of its result. */
const SOURCES = {
  'chunk position': 'c.position',
  'chunk page': 'c.page',
  'chunk headings': 'c.headings',
  'chunk createdAt': 'c.created_at',
  'chunk updatedAt': 'c.updated_at',
  'chunk metadata': 'c.metadata',
  'document id': 'd.id',
  'document title': 'd.title',
  'document author': 'd.author',
  'document sourceUrl': 'd.source_url',
  'document contentType': 'd.content_type',
  'document createdAt': 'd.created_at',
  'document updatedAt': 'd.updated_at',
  'document metadata': 'd.metadata',
} as const;
export type ColumnSource = keyof typeof SOURCES;

/** One chunk's values of the sources that were asked for; metadata is JSON. */
export type ColumnRow = { readonly ordinal: number; readonly documentKey: number } & {
  readonly [Source in ColumnSource]?: string | number | null;
};

function isSource(name: string): name is ColumnSource {
  return Object.hasOwn(SOURCES, name);
}

/** @throws Error for a name that is none: a bug. */
export function columnSource(name: string): ColumnSource {
  if (isSource(name)) return name;
  throw new Error(`There is no source of columns called ${name}.`);
}

/** The values of up to `limit` chunks of a library with ordinals above `after`, ascending. */
export function columnRowsAfter(
  database: Database,
  libraryKey: number,
  sources: readonly ColumnSource[],
  after: number,
  limit: number,
): ColumnRow[] {
  return database.all<ColumnRow>(
    `${selection(sources)} AND c.ordinal > ? ORDER BY c.ordinal LIMIT ?`,
    libraryKey,
    after,
    limit,
  );
}

/** The values of the chunks of a library with these ordinals, in any order; those that are gone are left out. */
export function columnRowsOf(
  database: Database,
  libraryKey: number,
  sources: readonly ColumnSource[],
  ordinals: Uint32Array,
): ColumnRow[] {
  return database.all<ColumnRow>(
    `${selection(sources)} AND c.ordinal IN (SELECT j.value FROM json_each(?) j)`,
    libraryKey,
    `[${ordinals.join(',')}]`,
  );
}

/** The ordinals of a document's chunks. */
export function documentOrdinals(database: Database, libraryKey: number, documentId: string): Uint32Array {
  const rows = database.all<{ ordinal: number }>(
    `SELECT c.ordinal FROM documents d CROSS JOIN chunks c ON c.library_key = d.library_key AND c.document_key = d.key
     WHERE d.id = ? AND d.library_key = ?`,
    documentId,
    libraryKey,
  );
  return Uint32Array.from(rows, ({ ordinal }) => ordinal);
}

function selection(sources: readonly ColumnSource[]): string {
  const columns = sources.map((source) => `, ${SOURCES[source]} AS "${source}"`).join('');
  const isOfDocuments = sources.some((source) => source.startsWith('document'));
  const tables = isOfDocuments ? 'chunks c CROSS JOIN documents d ON d.key = c.document_key' : 'chunks c';
  return `SELECT c.ordinal, c.document_key AS documentKey${columns} FROM ${tables} WHERE c.library_key = ?`;
}
