import { AlcoveRequestError } from './AlcoveRequestError.ts';
import type { GraphqlTransport, RequestOptions } from './GraphqlTransport.ts';

/** What rows are written in. */
export type RowFormat = 'ndjson' | 'npy' | 'parquet';

const MEDIA_TYPES: Readonly<Record<RowFormat, string>> = {
  ndjson: 'application/x-ndjson',
  npy: 'application/x-npy',
  parquet: 'application/vnd.apache.parquet',
};

export interface ImportRowsOptions extends RequestOptions {
  readonly format: RowFormat;
  /** Whether the body is gzipped. */
  readonly gzipped?: boolean;
  /** Rows up to this line are passed over: `resumeAfter` of an import that was cut off. */
  readonly after?: number;
  /** The document, by id or title, of rows that name none; ids of rows that bring none are made of it. */
  readonly document?: string;
  /** What ids are made with where rows bring none, or one that does not begin with `chk_`. */
  readonly prefix?: string;
  /** Rows that may fail before the server gives up; 1,000 if left out. */
  readonly maxErrors?: number;
}

export interface ExportRowsOptions extends RequestOptions {
  readonly format: RowFormat;
  /** How NDJSON has them, base64 if left out; `none` leaves them out, of Parquet too. */
  readonly vectors?: 'base64' | 'list' | 'none';
}

/** How far an import has come. */
export interface RowCounts {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly truncated: number;
  readonly revision: string;
  /** Every row up to this line has been dealt with. */
  readonly resumeAfter: number;
}

export interface RowError {
  readonly kind: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** A row that failed, how far the import is, or how it ended: the last event, and the one that says whether all was read. */
export type ImportRowsEvent =
  | { readonly line: number; readonly id: string | null; readonly error: RowError }
  | { readonly progress: RowCounts }
  | { readonly summary: RowCounts & { readonly complete: boolean; readonly error?: RowError } };

/** Sends rows and answers what becomes of them, as it happens. */
export async function* importRows(
  transport: GraphqlTransport,
  library: string,
  body: BodyInit,
  { format, gzipped = false, signal, ...parameters }: ImportRowsOptions,
): AsyncGenerator<ImportRowsEvent, void, void> {
  const response = await transport.fetch(`${pathOf(library)}/import${queryOf(parameters)}`, {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPES[format], ...(gzipped ? { 'content-encoding': 'gzip' } : {}) },
    body,
    // Without it fetch takes no stream.
    duplex: 'half',
    signal: signal ?? null,
  });
  let hasEnded = false;
  let rest = '';
  try {
    for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line) as ImportRowsEvent;
        hasEnded ||= 'summary' in event;
        yield event;
      }
    }
  } catch (error) {
    // A server that gives up closes the connection, whatever is still being sent.
    if (!hasEnded && !signal?.aborted) throw AlcoveRequestError.unreachable(response.url, error);
    if (!hasEnded) throw error;
  }
  if (!hasEnded) throw AlcoveRequestError.unreachable(response.url, 'the answer broke off');
}

/** The rows of a library, as a stream of bytes; one that breaks off throws. */
export async function exportRows(
  transport: GraphqlTransport,
  library: string,
  { format, signal, ...parameters }: ExportRowsOptions,
): Promise<ReadableStream<Uint8Array>> {
  const response = await transport.fetch(`${pathOf(library)}/export${queryOf({ format, ...parameters })}`, {
    headers: { accept: MEDIA_TYPES[format] },
    signal: signal ?? null,
  });
  return response.body ?? new ReadableStream();
}

function pathOf(library: string): string {
  return `libraries/${encodeURIComponent(library)}`;
}

function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
