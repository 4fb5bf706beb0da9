import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { npyHeader } from '../../src/bulk/npy.ts';
import { type AlcoveClient, createClient, encodeVector, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { IndexType } from '../../src/indexes/VectorIndex.ts';
import { startServer } from '../../src/server/supervisor.ts';
import { generate } from '../data/generate.ts';

const LIBRARY = 'bench';
const K = 10;
/** A ping every so often on each of several connections, so that every server thread has some. */
const PING_INTERVAL_MS = 5;
const PING_CONNECTIONS = 6;

interface ImportOptions {
  readonly count: number;
  readonly dimension: number;
  /** Chunks of one request. */
  readonly batch: number;
  /** Requests at the same time. */
  readonly inflight: number;
  readonly queries: number;
  readonly seed: number;
}

function optionsOf(args: string[]): ImportOptions {
  const { values } = parseArgs({
    args,
    options: {
      count: { type: 'string', default: '50000' },
      dim: { type: 'string', default: '384' },
      batch: { type: 'string', default: '1000' },
      inflight: { type: 'string', default: '2' },
      queries: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
    },
  });
  return {
    count: Number(values.count),
    dimension: Number(values.dim),
    batch: Number(values.batch),
    inflight: Number(values.inflight),
    queries: Number(values.queries),
    seed: Number(values.seed),
  };
}

/** Pings until told to stop. Returns each answer's milliseconds, ascending. */
function ping(url: string): () => number[] {
  const times: number[] = [];
  let isOver = false;
  const agents = Array.from(
    { length: PING_CONNECTIONS },
    () => new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  const next = (agent: Agent) => {
    if (isOver) return agent.destroy();
    const started = performance.now();
    get(`${url}/health/live`, { agent }, (response) => {
      response.resume().on('end', () => {
        times.push(performance.now() - started);
        setTimeout(next, PING_INTERVAL_MS, agent);
      });
    }).on('error', () => {});
  };
  agents.forEach(next);
  return () => {
    isOver = true;
    return times.toSorted((one, other) => one - other);
  };
}

async function importAll(
  client: AlcoveClient,
  vectors: Float32Array,
  { count, dimension, batch, inflight }: ImportOptions,
): Promise<void> {
  const document = orThrow(await client.createDocument({ library: { name: LIBRARY }, title: 'Vectors' }))
    .document.id;
  let next = 0;
  const send = async () => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + batch);
      const chunks = Array.from({ length: next - from }, (_, row) => {
        const at = (from + row) * dimension;
        return {
          documentId: document,
          text: `vector ${from + row}`,
          embedding: encodeVector(vectors.subarray(at, at + dimension)),
        };
      });
      orThrow(await client.createChunks({ library: { name: LIBRARY }, chunks }));
    }
  };
  await Promise.all(Array.from({ length: inflight }, send));
}

/** Sends all vectors as one body to a library of its own. Returns the seconds that it took. */
async function importRows(
  client: AlcoveClient,
  format: 'ndjson' | 'npy',
  vectors: Float32Array,
  { count, dimension }: ImportOptions,
): Promise<number> {
  await createLibrary(client, format, dimension);
  const body = format === 'npy' ? npyOf(vectors, dimension) : ndjsonOf(vectors, dimension);
  const started = performance.now();
  for await (const event of client.importRows(format, body, { format, prefix: format })) {
    if ('error' in event) throw new Error(event.error.message);
    if ('summary' in event && event.summary.written !== count) throw new Error(JSON.stringify(event.summary));
  }
  return (performance.now() - started) / 1_000;
}

function npyOf(vectors: Float32Array, dimension: number): Blob {
  return new Blob([npyHeader(vectors.length / dimension, dimension).slice(), vectors.slice()]);
}

function ndjsonOf(vectors: Float32Array, dimension: number): Blob {
  const lines: string[] = [];
  for (let row = 0; row < vectors.length / dimension; row++) {
    const embedding = encodeVector(vectors.subarray(row * dimension, (row + 1) * dimension));
    lines.push(`${JSON.stringify({ text: `vector ${row}`, embedding })}\n`);
  }
  return new Blob(lines);
}

async function createLibrary(client: AlcoveClient, name: string, dimension: number): Promise<void> {
  orThrow(
    await client.createLibrary({
      name,
      embedding: { provider: 'EXTERNAL', model: 'seeded', dimension, metric: 'COSINE' },
    }),
  );
}

async function recall(
  client: AlcoveClient,
  asked: Float32Array,
  { queries, dimension }: ImportOptions,
): Promise<number> {
  let found = 0;
  for (let query = 0; query < queries; query++) {
    const vector = encodeVector(asked.subarray(query * dimension, (query + 1) * dimension));
    const ids = async (accuracy?: { exact: boolean }) => {
      const input = {
        library: { name: LIBRARY },
        query: { vector },
        k: K,
        ...(accuracy ? { accuracy } : {}),
      };
      return orThrow(await client.knnSearch(input)).edges.map(({ node }) => node.id);
    };
    const truth = new Set(await ids({ exact: true }));
    found += (await ids()).filter((id) => truth.has(id)).length;
  }
  return found / (queries * K);
}

/** Seconds that an index of the same type takes to build of the same vectors, on one thread, with nothing around it. */
function bareBuild(type: IndexType, vectors: Float32Array, { count, dimension }: ImportOptions): number {
  const started = performance.now();
  using index = createIndex({ type, dimension, metric: 'COSINE', seed: 42, expected: count });
  index.append(
    Uint32Array.from({ length: count }, (_, row) => row + 1),
    vectors,
  );
  for (const _ of index.build());
  return (performance.now() - started) / 1_000;
}

/** Waits until no job is queued or running. Returns the seconds that it took. */
async function jobsDone(client: AlcoveClient): Promise<number> {
  const started = performance.now();
  while ((await client.jobs({ state: ['QUEUED', 'RUNNING'] })).edges.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return (performance.now() - started) / 1_000;
}

/**
 * Imports chunks with their vectors over the API, as a client would, and measures what a user would: the rate at which they
 * become durable and searchable (by mutations, and beside them by one streamed body of NDJSON and of .npy), how long the server's event loops stood still meanwhile, and recall@10 at the
 * default accuracy against exact search over the same API.
 *
 *     npm run bench -- import [--count 50000] [--dim 384] [--batch 1000] [--inflight 2] [--queries 200]
 */
export async function importOverApi(args: string[]): Promise<void> {
  const options = optionsOf(args);
  const { count, dimension, batch, inflight, queries, seed } = options;
  const folder = mkdtempSync(join(tmpdir(), 'alcove-bench-'));
  const server = await startServer(
    parseConfig({ ALCOVE_DATA: folder, ALCOVE_PORT: '0', ALCOVE_LOG: 'error' }),
  );
  try {
    const client = createClient({ url: server.url });
    await createLibrary(client, LIBRARY, dimension);
    const data = generate({ name: 'clustered', count: count + queries, dimension, seed });
    const stop = ping(server.url);
    const started = performance.now();
    await importAll(client, data.subarray(0, count * dimension), options);
    const seconds = (performance.now() - started) / 1_000;
    const buildSeconds = await jobsDone(client);
    const pings = stop();
    const library = await client.library({ name: LIBRARY });
    const given = data.subarray(0, count * dimension);
    const ndjsonSeconds = await importRows(client, 'ndjson', given, options);
    await jobsDone(client);
    const npySeconds = await importRows(client, 'npy', given, options);
    await jobsDone(client);
    const bareSeconds = bareBuild(library?.index.type ?? 'FLAT', given, options);
    console.table({
      'chunks × dimension': `${count} × ${dimension}, ${batch} a batch, ${inflight} in flight`,
      'import by mutations, chunks a second': Math.round(count / seconds),
      'import of NDJSON (base64), chunks a second': Math.round(count / ndjsonSeconds),
      'import of .npy, chunks a second': Math.round(count / npySeconds),
      'index jobs after that, s': Number(buildSeconds.toFixed(1)),
      'bare build of the index, one thread, s': Number(bareSeconds.toFixed(2)),
      'bare build, of import by mutations and jobs': Number(
        (bareSeconds / (seconds + buildSeconds)).toFixed(2),
      ),
      index: `${library?.index.type}, generation ${library?.index.generation}`,
      'ping p50, ms': Number(at(pings, 0.5).toFixed(1)),
      'ping p99, ms': Number(at(pings, 0.99).toFixed(1)),
      'ping max, ms': Number(at(pings, 1).toFixed(1)),
      [`recall@${K}, default accuracy`]: await recall(client, data.subarray(count * dimension), options),
    });
    await client.close();
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function at(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(part * ascending.length))] ?? Number.NaN;
}
