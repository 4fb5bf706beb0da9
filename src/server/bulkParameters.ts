import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import {
  ANY_BYTES,
  BULK_MEDIA_TYPES,
  type BulkFormat,
  FORMAT_NAMES,
  formatByName,
  formatOfMediaType,
  mediaTypeOf,
} from '../bulk/formats.ts';
import { isGzipped } from './bodyStream.ts';
import { HttpError } from './HttpError.ts';
import { forgeable } from './originPolicy.ts';

const DEFAULT_MAX_ERRORS = 1_000;
const MAX_MAX_ERRORS = 10_000;

const wholeNumber = (max: number) => {
  const error = `expected a whole number from 0 to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, error)
    .transform(Number)
    .pipe(z.number().max(max, error));
};
const format = z.enum(FORMAT_NAMES).transform((name) => formatByName(name) as BulkFormat);

const IMPORT = z.strictObject({
  format: format.optional(),
  after: wholeNumber(Number.MAX_SAFE_INTEGER).default(0),
  maxErrors: wholeNumber(MAX_MAX_ERRORS).default(DEFAULT_MAX_ERRORS),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{1,64}$/, 'expected 1 to 64 of A-Z a-z 0-9 . _ ~ -')
    .optional(),
  document: z.string().min(1).max(1_024).optional(),
});
const EXPORT = z.strictObject({
  format: format.optional(),
  vectors: z
    .enum(['base64', 'list', 'none'])
    .transform(
      (name) => ({ base64: 'BASE64', list: 'LIST', none: 'NONE' })[name] as 'BASE64' | 'LIST' | 'NONE',
    )
    .default('BASE64'),
});

export interface ImportParameters {
  readonly format: BulkFormat;
  readonly after: number;
  readonly maxErrors: number;
  readonly prefix: string | undefined;
  readonly document: string | undefined;
}

export interface ExportParameters {
  readonly format: BulkFormat;
  readonly vectors: 'BASE64' | 'LIST' | 'NONE';
}

/**
 * What an import is to do. Its content type must be one that no page of another site can send without a preflight.
 * @throws HttpError 400, 415
 */
export function importParameters(request: IncomingMessage, url: URL): ImportParameters {
  const { format: asked, prefix, document, ...others } = parse(IMPORT, url);
  const type = mediaType(request.headers['content-type']);
  if (type !== ANY_BYTES && !BULK_MEDIA_TYPES.includes(type)) {
    throw new HttpError(
      415,
      `content-type ${type === '' ? 'is missing' : `"${type}" is not supported`}; send one of ${BULK_MEDIA_TYPES.join(', ')}, or ${ANY_BYTES} with ?format=`,
    );
  }
  isGzipped(request);
  const found = asked ?? formatOfMediaType(type);
  if (found === undefined) {
    throw new HttpError(
      415,
      `${ANY_BYTES} says nothing of the format; add ?format=${FORMAT_NAMES.join(' or ')}`,
    );
  }
  return { format: found, prefix, document, ...others };
}

/** What an export is to give. @throws HttpError 400, 403 for what could have been forged, 406 */
export function exportParameters(request: IncomingMessage, url: URL): ExportParameters {
  const forged = forgeable(request.headers, BULK_MEDIA_TYPES);
  if (forged !== undefined) throw new HttpError(403, forged);
  const { format: asked, vectors } = parse(EXPORT, url);
  const accepted = (request.headers.accept ?? '*/*').split(',').map(mediaType);
  const found = asked ?? accepted.map(formatOfMediaType).find((each) => each !== undefined);
  if (found !== undefined) return { format: found, vectors };
  if (accepted.some((type) => type === '*/*' || type === 'application/*'))
    return { format: 'NDJSON', vectors };
  const types = (['NDJSON', 'NPY', 'PARQUET'] as const).map(mediaTypeOf).join(', ');
  throw new HttpError(406, `cannot answer in "${request.headers.accept}"; ask for one of ${types}`);
}

/** @throws HttpError 400 naming each bad parameter. */
function parse<Schema extends z.ZodType>(schema: Schema, url: URL): z.output<Schema> {
  const parsed = schema.safeParse(Object.fromEntries(url.searchParams));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
  );
  throw new HttpError(400, `the address has parameters that cannot be used: ${wrong.join('; ')}`);
}

/** Without its parameters. */
function mediaType(header = ''): string {
  return (header.split(';', 1)[0] as string).trim().toLowerCase();
}
