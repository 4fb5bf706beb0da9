import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ImportCounts, RowError } from '../bulk/ImportRun.ts';
import type { ErrorRecord } from '../errors.ts';
import { formatRevision } from '../graphql/revision.ts';

/** Between two lines of progress. */
const PROGRESS_MS = 500;
/** A sender that does not read while it sends gets no more progress than this leaves room for; errors and the end it gets. */
const MAX_UNREAD_BYTES = 262_144;
/** A sender that has not finished gets so long to notice that nothing more is read. */
const LINGER_MS = 2_000;

/** What an import is answered: a line of JSON for each failed row, for progress now and then, and one at the end. */
export class ImportResponse {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #lastProgress = Number.NEGATIVE_INFINITY;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  /** `{"line": 7, "id": "chk_7", "error": {"kind": …}}` */
  error({ line, id, error }: RowError): void {
    const { kind, message, path, detail } = error;
    this.#write({ line, id, error: { kind, message, path, detail } });
  }

  /** `{"progress": {"read": 2000, …}}`, unless the last one was just now. */
  progress(counts: ImportCounts): void {
    const now = performance.now();
    if (now - this.#lastProgress < PROGRESS_MS || this.#response.writableLength > MAX_UNREAD_BYTES) return;
    this.#lastProgress = now;
    this.#write({ progress: shown(counts) });
  }

  /** `{"summary": {"complete": true, "read": 2000, …}}`, with the error that stopped it, if one did. */
  end(counts: ImportCounts, error?: ErrorRecord): void {
    const stopped = error && {
      kind: error.kind,
      message: error.message,
      path: error.path,
      detail: error.detail,
    };
    this.#write({
      summary: { complete: error === undefined, ...shown(counts), ...(stopped && { error: stopped }) },
    });
    if (this.#request.complete) return void this.#response.end();
    this.#request.resume();
    const timer = setTimeout(() => this.#response.end(), LINGER_MS);
    this.#request.once('end', () => this.#response.end());
    this.#response.once('close', () => clearTimeout(timer));
  }

  #write(line: object): void {
    if (this.#response.destroyed) return;
    if (!this.#response.headersSent) {
      this.#response.writeHead(200, {
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store',
        connection: 'close',
      });
    }
    this.#response.write(`${JSON.stringify(line)}\n`);
  }
}

/** Revisions are texts, as in the rest of the API. */
function shown({ revision, ...counts }: ImportCounts): object {
  return { ...counts, revision: formatRevision(revision) };
}
