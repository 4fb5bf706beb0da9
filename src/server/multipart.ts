import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { GraphQLParams } from 'graphql-yoga';
import { z } from 'zod';
import { demand, type Principal } from '../access/Principal.ts';
import { type IncomingFiles, MAX_UPLOADED_FILES, type SpooledFile } from '../store/Spool.ts';
import { HttpError } from './HttpError.ts';
import type { PersistedOperations } from './operations/PersistedOperations.ts';
import { isPreflighted, PREFLIGHT_HEADERS } from './originPolicy.ts';
import { checkParameters, parseJson } from './requestParameters.ts';

/** Bytes of `operations`, and of `map`. */
const MAX_FIELD_BYTES = 1_048_576;
/** A file's name, and whatever else stands above a part. */
const MAX_PART_HEADER_BYTES = 16_384;
/** What says nothing of a file's kind. */
const UNKNOWN_TYPE = 'application/octet-stream';

const MULTIPART_TYPE = 'multipart/form-data';

/** Which places of the operations each part fills: `{ "0": ["variables.input.files.0"] }`. */
const MAP = z.record(z.string(), z.array(z.string()));

export interface MultipartLimits {
  /** Where files go as they come. The caller discards it when the request has been answered. */
  readonly files: IncomingFiles;
  /** In bytes, the whole body. */
  readonly limitBytes: number;
  /** Whose files they are. */
  readonly principal: Principal;
  readonly persisted: Pick<PersistedOperations, 'textOf'>;
  /** Called before the first byte is read: answers `Expect: 100-continue`. */
  readonly onAccepted: () => void;
}

/** Whether a request brings files. */
export function isMultipart(request: IncomingMessage): boolean {
  return (
    request.method === 'POST' &&
    (request.headers['content-type'] ?? '').toLowerCase().startsWith(MULTIPART_TYPE)
  );
}

/**
 * Reads a request with files (https://github.com/jaydenseric/graphql-multipart-request-spec): the files go to the disk as
 * they come, and stand in the variables when it resolves.
 *
 * Any page can have a form of this type sent here without a preflight, so the header that only a preflight lets through
 * is demanded.
 * @throws HttpError 400, 403 without that header, 413 for what is too large, 415 for content that is encoded
 * @throws AlcoveError ForbiddenError
 */
export async function readMultipart(
  request: IncomingMessage,
  limits: MultipartLimits,
): Promise<GraphQLParams> {
  const { headers } = request;
  if (!isPreflighted(headers))
    throw new HttpError(403, `a multipart request needs the header "${PREFLIGHT_HEADERS[0]}: 1"`);
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new HttpError(415, 'a multipart body with a content-encoding is not supported; send it as it is');
  // Files are for imports alone: whoever may not import has nothing written to the disk.
  demand(limits.principal, { role: 'WRITE' }, 'A request with files');
  if (Number(headers['content-length'] ?? 0) > limits.limitBytes) throw tooLarge(limits.limitBytes);
  const { fields, files } = await receive(request, limits);
  const operations = parseJson(required(fields, 'operations'), '"operations"');
  const map = MAP.safeParse(parseJson(required(fields, 'map'), '"map"'));
  if (!map.success)
    throw new HttpError(
      400,
      'expected "map" to be an object of lists of places: {"0":["variables.files.0"]}',
    );
  for (const [part, places] of Object.entries(map.data)) {
    const file = files.get(part);
    if (file === undefined)
      throw new HttpError(400, `"map" names the part ${shown(part)}, and no file came in it`);
    for (const place of places) put(operations, place, file);
  }
  return checkParameters(operations, limits.persisted);
}

interface Received {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, SpooledFile>;
}

/** Takes the body apart. Leaves the request's socket alone when it gives up, so that the refusal can still be sent. */
function receive(request: IncomingMessage, limits: MultipartLimits): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const fields = new Map<string, string>();
  const files = new Map<string, SpooledFile>();
  const arriving = new Map<Readable, Promise<void>>();
  const names = new Set<string>();
  let parser: BusboyInstance;
  let length = 0;
  let isOver = false;

  const giveUp = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    request.off('data', count);
    request.unpipe(parser);
    parser.destroy();
    for (const source of arriving.keys()) source.destroy();
    // Nothing is written below the folder any more when it is discarded.
    void Promise.allSettled(arriving.values()).then(() => reject(error));
  };
  const count = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > limits.limitBytes) giveUp(tooLarge(limits.limitBytes));
  };
  try {
    parser = parserOf(request);
  } catch (error) {
    return Promise.reject(
      new HttpError(400, `the multipart body cannot be read: ${(error as Error).message}`),
    );
  }
  parser.on('field', (name, value, isNameCut, isValueCut) => {
    if (isNameCut || isValueCut)
      return giveUp(new HttpError(413, `"${name.slice(0, 64)}" is larger than ${MAX_FIELD_BYTES} bytes`));
    if (names.has(name)) return giveUp(new HttpError(400, `the part ${shown(name)} came twice`));
    names.add(name);
    fields.set(name, value);
  });
  parser.on('file', (name, source, fileName, _encoding, type) => {
    // A body that ends within a part is told to the part, too, maybe before anybody reads it; unheard, it would end the thread.
    source.on('error', (error) => giveUp(broken(error)));
    if (names.has(name)) return giveUp(new HttpError(400, `the part ${shown(name)} came twice`));
    names.add(name);
    const sender = { name: fileName ?? '', contentType: type === UNKNOWN_TYPE ? null : type };
    const received = limits.files
      .receive(source, sender)
      .then((file) => void files.set(name, file))
      .finally(() => arriving.delete(source));
    arriving.set(source, received);
    received.catch(giveUp);
  });
  parser.on('filesLimit', () =>
    giveUp(new HttpError(413, `more than ${MAX_UPLOADED_FILES} files in one request; send several`)),
  );
  parser.on('error', (error) => giveUp(broken(error)));
  parser.on('finish', () => {
    Promise.all(arriving.values()).then(() => {
      isOver = true;
      resolve({ fields, files });
    }, giveUp);
  });
  request.once('close', () => {
    if (!request.complete) giveUp(new HttpError(400, 'the body ended before it was complete'));
  });
  request.once('error', () => {});
  limits.onAccepted();
  request.on('data', count);
  request.pipe(parser);
  return promise;
}

function parserOf(request: IncomingMessage): BusboyInstance {
  return new Busboy({
    headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
    preservePath: true,
    limits: {
      files: MAX_UPLOADED_FILES,
      fields: 2,
      fieldSize: MAX_FIELD_BYTES,
      headerSize: MAX_PART_HEADER_BYTES,
    },
  });
}

function required(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined)
    throw new HttpError(400, `a multipart request needs the part "${name}" before its files`);
  return value;
}

/** Puts a file where the operations have null. */
function put(operations: unknown, place: string, file: SpooledFile): void {
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  let at: unknown = operations;
  for (const step of steps) at = isTree(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  if (steps[0] !== 'variables' || !isTree(at) || !Object.hasOwn(at, last) || at[last] !== null)
    throw new HttpError(
      400,
      `"map" names the place ${shown(place)}; expected one of the variables that is null`,
    );
  at[last] = file;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}

function broken(error: unknown): HttpError {
  return new HttpError(400, `the multipart body is broken: ${(error as Error).message}`);
}

function tooLarge(limitBytes: number): HttpError {
  return new HttpError(
    413,
    `the request is larger than ${limitBytes} bytes; send fewer files at a time, or raise ALCOVE_MAX_UPLOAD_BYTES`,
  );
}
