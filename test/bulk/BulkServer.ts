import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlcoveClient, type CreateLibraryInput, createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { startServer } from '../../src/server/supervisor.ts';

/** A line that an import is answered. */
export interface Line {
  readonly line?: number;
  readonly id?: string | null;
  readonly error?: { readonly kind: string; readonly message: string; readonly path: readonly string[] };
  readonly progress?: Counts;
  readonly summary?: Counts & { readonly complete: boolean; readonly error?: { readonly kind: string } };
}

interface Counts {
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly revision: string;
  readonly resumeAfter: number;
}

export interface Imported {
  readonly status: number;
  readonly errors: readonly Line[];
  readonly summary: NonNullable<Line['summary']>;
  /** Of an import that was refused as a whole. */
  readonly refusal: { readonly kind?: string; readonly code?: string; readonly message: string } | undefined;
}

/** A whole server on a port and a data folder of its own. */
export class BulkServer {
  readonly url: string;
  readonly client: AlcoveClient;
  readonly folder: string;
  readonly #server: Awaited<ReturnType<typeof startServer>>;

  private constructor(server: Awaited<ReturnType<typeof startServer>>, folder: string) {
    this.#server = server;
    this.folder = folder;
    this.url = server.url;
    this.client = createClient({ url: server.url });
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<BulkServer> {
    const folder = mkdtempSync(join(tmpdir(), 'alcove-bulk-'));
    const config = parseConfig({
      ALCOVE_THREADS: '1',
      ALCOVE_LOG: 'silent',
      ...environment,
      ALCOVE_DATA: folder,
      ALCOVE_PORT: '0',
    });
    return new BulkServer(await startServer(config), folder);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async createLibrary(name: string, input: Partial<CreateLibraryInput> = {}): Promise<void> {
    const embedding = { provider: 'EXTERNAL', model: 'test', metric: 'EUCLIDEAN' } as const;
    orThrow(await this.client.createLibrary({ name, embedding, ...input }));
  }

  /** Imports a body, by default NDJSON, and reads the answer to its end. */
  async import(
    library: string,
    body: string | Uint8Array<ArrayBuffer>,
    options: { query?: string; type?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Imported> {
    const { query = '', type = 'application/x-ndjson', headers = {} } = options;
    const response = await fetch(`${this.url}/libraries/${encodeURIComponent(library)}/import${query}`, {
      method: 'POST',
      headers: { 'content-type': type, ...headers },
      body,
    });
    return readAnswer(response.status, await response.text());
  }

  async export(library: string, query = '?format=ndjson'): Promise<Buffer<ArrayBuffer>> {
    const response = await fetch(`${this.url}/libraries/${encodeURIComponent(library)}/export${query}`, {
      headers: { 'x-alcove-csrf': '1' },
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }
}

export function readAnswer(status: number, text: string): Imported {
  if (status !== 200) {
    const [{ message, extensions }] = JSON.parse(text).errors;
    return { status, errors: [], summary: undefined as never, refusal: { message, ...extensions } };
  }
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const errors = lines.filter(({ error }) => error !== undefined);
  return { status, errors, summary: lines.at(-1)?.summary as Imported['summary'], refusal: undefined };
}

export const lines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** An .npy file with any header. */
export function npyFile(dict: string, numbers: Uint8Array<ArrayBufferLike>): Buffer<ArrayBuffer> {
  const header = Buffer.from(`${dict}\n`, 'latin1');
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, header, numbers]);
}

export const npyDict = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
