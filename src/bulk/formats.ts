/** What rows are written in. */
export type BulkFormat = 'NDJSON' | 'NPY' | 'PARQUET';

/** The media types of a format; the first is the one that is answered. Parquet's is registered, the others are in common use. */
const MEDIA_TYPES: Readonly<Record<BulkFormat, readonly string[]>> = {
  NDJSON: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'],
  NPY: ['application/x-npy', 'application/npy'],
  PARQUET: ['application/vnd.apache.parquet', 'application/x-parquet'],
};

/** Says nothing of the format. */
export const ANY_BYTES = 'application/octet-stream';

/** The names that `format=` takes; they are the endings of file names, too. */
export const FORMAT_NAMES = ['ndjson', 'npy', 'parquet'] as const;
const BY_NAME: Readonly<Record<string, BulkFormat>> = { ndjson: 'NDJSON', npy: 'NPY', parquet: 'PARQUET' };

export const BULK_MEDIA_TYPES: readonly string[] = Object.values(MEDIA_TYPES).flat();

export function mediaTypeOf(format: BulkFormat): string {
  return MEDIA_TYPES[format][0] ?? ANY_BYTES;
}

export function formatByName(name: string): BulkFormat | undefined {
  return Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
}

/** The format of a Content-Type, without its parameters, in lower case. */
export function formatOfMediaType(type: string): BulkFormat | undefined {
  return (['NDJSON', 'NPY', 'PARQUET'] as const).find((format) => MEDIA_TYPES[format].includes(type));
}
