import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Library } from '../library/types.ts';
import { type ExportReader, type ExportRow, exportRows } from './exportRows.ts';

/** A row group ends at so many rows, or numbers of vectors: it is held in memory, here and by whoever reads it. */
const GROUP_ROWS = 5_000;
const GROUP_NUMBERS = 1_000_000;
/** Before a group's bytes are known. */
const FIRST_BYTES = 1_048_576;

const text = (name: string): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: 'OPTIONAL',
});
const list = (name: string, element: SchemaElement): SchemaElement[] => [
  { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  element,
];

const DOCUMENT: readonly SchemaElement[] = [
  { name: 'document', repetition_type: 'OPTIONAL', num_children: 6 },
  ...['id', 'title', 'author', 'sourceUrl', 'contentType', 'metadata'].map(text),
];
const CHUNK: readonly SchemaElement[] = [
  text('text'),
  { name: 'position', type: 'INT32', repetition_type: 'OPTIONAL' },
  { name: 'page', type: 'INT32', repetition_type: 'OPTIONAL' },
  ...list('headings', text('element')),
  text('metadata'),
  { name: 'truncated', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
];
const EMBEDDING = list('embedding', { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' });
/** Columns but for the embedding. */
const COLUMNS = 8;

/** Rows as {@link readRow} takes them: documents as groups of fields, metadata as JSON, vectors as lists of float32. */
export async function* exportParquet(
  reader: ExportReader,
  library: Library,
  { withVectors }: { readonly withVectors: boolean },
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter(FIRST_BYTES);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: COLUMNS + (withVectors ? 1 : 0) },
    text('id'),
    ...DOCUMENT,
    ...CHUNK,
    ...(withVectors ? EMBEDDING : []),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'alcove' });
  /** What has been written since the last time; offsets go on counting. */
  const take = (): Uint8Array => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const writeGroup = async (rows: readonly ExportRow[]): Promise<Uint8Array> => {
    await writer.write({ columnData: columnsOf(rows, withVectors), rowGroupSize: rows.length });
    return take();
  };

  let group: ExportRow[] = [];
  for await (const rows of exportRows(reader, library)) {
    group.push(...rows);
    const numbers = group.length * (library.embedding.dimension ?? 0);
    if (group.length < GROUP_ROWS && numbers < GROUP_NUMBERS) continue;
    yield await writeGroup(group);
    group = [];
  }
  if (group.length > 0) yield await writeGroup(group);
  await writer.finish();
  yield take();
}

function columnsOf(rows: readonly ExportRow[], withVectors: boolean): ColumnSource[] {
  const column = (name: string, read: (row: ExportRow) => unknown): ColumnSource => ({
    name,
    data: rows.map(read),
  });
  return [
    column('id', ({ chunk }) => chunk?.id),
    column('document', ({ document }) => ({ ...document, metadata: jsonOf(document.metadata) })),
    column('text', ({ chunk }) => chunk?.text),
    column('position', ({ chunk }) => chunk?.position),
    column('page', ({ chunk }) => chunk?.page ?? undefined),
    column('headings', ({ chunk }) => (chunk?.headings.length ? chunk.headings : undefined)),
    column('metadata', ({ chunk }) => chunk && jsonOf(chunk.metadata)),
    column('truncated', ({ chunk }) => (chunk?.truncated ? true : undefined)),
    ...(withVectors
      ? [
          {
            // Vectors have neither a dictionary nor bounds worth keeping, and do not compress.
            ...column('embedding', ({ vector }) => vector && Array.from(vector)),
            encoding: 'PLAIN' as const,
            codec: 'UNCOMPRESSED' as const,
            statistics: false,
          },
        ]
      : []),
  ];
}

function jsonOf(metadata: object): string | undefined {
  return Object.keys(metadata).length === 0 ? undefined : JSON.stringify(metadata);
}
