import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { demand, type Principal } from '../access/Principal.ts';
import { exportParquet } from '../bulk/exportParquet.ts';
import { exportNdjson, exportNpy } from '../bulk/exportRows.ts';
import { type BulkFormat, mediaTypeOf } from '../bulk/formats.ts';
import { ImportRun } from '../bulk/ImportRun.ts';
import { readNdjson } from '../bulk/ndjson.ts';
import { readNpy } from '../bulk/npy.ts';
import { readParquet } from '../bulk/readParquet.ts';
import type { ByteStream, SourceRows } from '../bulk/SourceRow.ts';
import type { Config } from '../config.ts';
import type { Embedding } from '../embedding/draftVectors.ts';
import { AlcoveError, type ErrorRecord } from '../errors.ts';
import { formatRevision } from '../graphql/revision.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { findByIdOrName, libraryNotFound } from '../library/lookup.ts';
import type { Library } from '../library/types.ts';
import type { Spool } from '../store/Spool.ts';
import type { Logger } from '../telemetry/Logger.ts';
import type { Writer } from '../writer/Writer.ts';
import { streamBody } from './bodyStream.ts';
import {
  type ExportParameters,
  exportParameters,
  type ImportParameters,
  importParameters,
} from './bulkParameters.ts';
import { HttpError } from './HttpError.ts';
import { ImportResponse } from './ImportResponse.ts';
import type { KeyWatch } from './KeyWatch.ts';

/** How long the other end may neither send nor take anything. */
export const BULK_IDLE_MS = 60_000;
/** Imports and exports of one server thread at once: each holds a few batches of rows. */
const MAX_AT_ONCE = 8;
const RETRY_AFTER_SECONDS = '5';
const ROUTE = /^\/libraries\/([^/]+)\/(import|export)$/;

/** What imports and exports work with. */
export interface BulkServices extends Pick<Embedding, 'embedderFor'> {
  readonly reader: LibraryReader;
  readonly writer: Writer;
}

/** A library, and what works for whoever asked for it. */
interface Target {
  readonly services: BulkServices;
  readonly library: Library;
}

export interface BulkRoutesOptions {
  /** For whoever asks. */
  readonly services: (principal: Principal) => BulkServices;
  readonly watch: KeyWatch;
  readonly config: Config;
  readonly logger: Logger;
  readonly spool: Spool;
  readonly idleMs: number;
}

/** `POST /libraries/NAME/import` and `GET /libraries/NAME/export`: rows in and out as a stream, whatever their number. */
export class BulkRoutes {
  readonly #options: BulkRoutesOptions;
  #underWay = 0;

  constructor(options: BulkRoutesOptions) {
    this.#options = options;
  }

  /** Whether a path is one of these routes. */
  owns(path: string): boolean {
    return ROUTE.test(path);
  }

  /** Answers a request to such a path. @throws HttpError, AlcoveError what it is refused for before anything is done. */
  async serve(request: IncomingMessage, response: ServerResponse, principal: Principal): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://alcove');
    const [, name = '', direction] = ROUTE.exec(url.pathname) ?? [];
    const method = direction === 'import' ? 'POST' : 'GET';
    if (request.method !== method) {
      throw new HttpError(405, `${request.method} is not supported here; use ${method}`, {
        headers: { allow: method },
      });
    }
    const parameters =
      direction === 'import' ? importParameters(request, url) : exportParameters(request, url);
    if (this.#underWay >= MAX_AT_ONCE) throw tooBusy();
    this.#underWay += 1;
    response.once(
      'close',
      this.#options.watch.watch(principal, () => response.destroy()),
    );
    try {
      if (direction === 'import') demand(principal, { role: 'WRITE' }, 'An import');
      const services = this.#options.services(principal);
      const target = { services, library: findLibrary(services, nameIn(name)) };
      if ('after' in parameters) await this.#import(request, response, target, parameters);
      else await this.#export(response, target, parameters);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #import(
    request: IncomingMessage,
    response: ServerResponse,
    { services, library }: Target,
    parameters: ImportParameters,
  ): Promise<void> {
    const { idleMs, spool } = this.#options;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { signal } = gone;
    const answer = new ImportResponse(request, response);
    const run = new ImportRun({
      ...parameters,
      ...services,
      library,
      signal,
      onError: (error) => answer.error(error),
      onProgress: (counts) => answer.progress(counts),
    });
    const files = spool.incoming();
    try {
      const onAccepted = () => {
        if (request.headers.expect) response.writeContinue();
      };
      const body = streamBody(request, { idleMs, onAccepted });
      await run.run(
        this.#rows(body, parameters, signal, async (limited) => {
          const sender = { name: 'rows.parquet', contentType: null };
          return (await files.receive(Readable.from(limited), sender)).path;
        }),
      );
      answer.end(run.counts);
    } catch (error) {
      if (signal.aborted) return;
      const record = this.#recordOf(error);
      // Nothing has been done yet: the request is refused as a whole.
      if (!response.headersSent && run.counts.read === 0 && error instanceof AlcoveError) throw error;
      answer.end(run.counts, record);
    } finally {
      await files.discard();
    }
  }

  async *#rows(
    body: ByteStream,
    { format, after }: ImportParameters,
    signal: AbortSignal,
    spooled: (body: ByteStream) => Promise<string>,
  ): SourceRows & AsyncGenerator {
    if (format === 'NDJSON') return yield* readNdjson(body, after);
    if (format === 'NPY') return yield* readNpy(body, after);
    const path = await spooled(limited(body, this.#options.config.maxUploadBytes));
    yield* readParquet(path, { after, signal });
  }

  #recordOf(error: unknown): ErrorRecord {
    if (error instanceof AlcoveError) return error.toRecord();
    this.#options.logger.error('import failed', { error });
    const message = 'This failed by a fault of the server, which its log describes.';
    return new AlcoveError('InternalError', message).toRecord();
  }

  async #export(
    response: ServerResponse,
    { services: { reader }, library }: Target,
    { format, vectors }: ExportParameters,
  ): Promise<void> {
    const bytes = {
      NDJSON: () => exportNdjson(reader, library, vectors),
      NPY: () => exportNpy(reader, library),
      PARQUET: () => exportParquet(reader, library, { withVectors: vectors !== 'NONE' }),
    }[format]();
    try {
      // What fails before the first bytes is told as an error; after that the answer can only be broken off.
      const first = await bytes.next();
      response.writeHead(200, {
        'content-type': mediaTypeOf(format),
        'content-disposition': `attachment; filename="${fileName(library, format)}"`,
        'cache-control': 'no-store',
        'x-alcove-revision': formatRevision(library.revision),
      });
      if (!first.done) await this.#send(response, first.value);
      for await (const some of bytes) await this.#send(response, some);
      response.end();
    } catch (error) {
      if (!response.headersSent) throw error;
      if (!response.destroyed) this.#options.logger.info('export broken off', { library: library.id, error });
      response.destroy();
    }
  }

  /** Resolves when there is room for more. @throws AlcoveError CancelledError, TimeoutError */
  async #send(response: ServerResponse, bytes: Uint8Array): Promise<void> {
    if (response.destroyed) throw new AlcoveError('CancelledError', 'The reader has gone.');
    if (response.write(bytes)) return;
    const { idleMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new AlcoveError('TimeoutError', `The reader took nothing for ${idleMs / 1_000} seconds.`)),
      idleMs,
    );
    const onClose = () => reject(new AlcoveError('CancelledError', 'The reader has gone.'));
    response.once('drain', resolve).once('close', onClose);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      response.off('drain', resolve).off('close', onClose);
    }
  }
}

/** @throws AlcoveError LibraryNotFoundError */
function findLibrary({ reader }: BulkServices, name: string): Library {
  return findByIdOrName(name, (by) => reader.library(by)) ?? libraryNotFound({ name });
}

/** A body that must not be larger than the disk is to hold. @throws AlcoveError CapacityExceededError */
async function* limited(body: ByteStream, limitBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limitBytes) {
      throw new AlcoveError(
        'CapacityExceededError',
        `The file is larger than ${limitBytes} bytes. Send several, or raise ALCOVE_MAX_UPLOAD_BYTES.`,
        { detail: { expected: limitBytes } },
      );
    }
    yield chunk;
  }
}

function nameIn(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'the name of the library in the path is not valid percent-encoded UTF-8');
  }
}

function fileName({ name }: Library, format: BulkFormat): string {
  return `${name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 64)}.${format.toLowerCase()}`;
}

function tooBusy(): HttpError {
  return new HttpError(429, `${MAX_AT_ONCE} imports and exports are under way; try again in a moment`, {
    code: 'RESOURCE_EXHAUSTED',
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  });
}
