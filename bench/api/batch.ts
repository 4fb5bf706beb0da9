import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient, encodeVector, orThrow } from '../../src/client/index.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { generate } from '../data/generate.ts';
import { ordinalsFrom } from '../data/ordinals.ts';
import { median } from '../measure/statistics.ts';
import { LIBRARY } from '../server/fillLibrary.ts';
import { Target } from '../server/Target.ts';

const K = 10;
/** What a search for so many looks up in the index: one more, and some for equal distances. */
const LOOKED_UP = 19;
const BATCH = 100;
/** Different questions; each round asks all of them. */
const QUESTIONS = 400;
const WRITE_BATCH = 500;
/** Rounds before anything is counted, so that code is compiled and caches are filled. */
const WARM_UP_ROUNDS = 3;
const WORDS = 'an alcove is a recess in a wall with room for books and for whoever reads them'.split(' ');
/** About as long as chunks are by default. */
const TEXT_WORDS = 60;

const HITS = `__typename
  ... on KnnConnection { edges { similarity distance node { id text } } tookMs }
  ... on Error { code message path }`;
const SINGLE_QUERY = `query Single($input: KnnSearchInput!) { knnSearch(input: $input) { ${HITS} } }`;
const BATCH_QUERY = `query Batch($input: KnnSearchBatchInput!) {
  knnSearchBatch(input: $input) { ... on KnnSearchBatchResult { results { ${HITS} } } ... on Error { code message } }
}`;

/**
 * What searches take of a server's thread, ten hits with text: each in a request of its own, and a hundred in one; beside them the index alone, on this
 * thread. All take turns, and only processor time is counted.
 *
 *     npm run bench -- batch [--rounds 15] [--count 2000] [--dim 768]
 */
export async function measureBatch(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '15' },
      count: { type: 'string', default: '2000' },
      dim: { type: 'string', default: '768' },
    },
  });
  const [rounds, count, dimension] = [values.rounds, values.count, values.dim].map(Number) as [
    number,
    number,
    number,
  ];
  const data = generate({ name: 'clustered', count: count + QUESTIONS, dimension, seed: 1 });
  const row = (at: number) => data.subarray(at * dimension, (at + 1) * dimension);
  const questions = Array.from({ length: QUESTIONS }, (_, at) => row(count + at));
  const inputs = questions.map((vector) => {
    return { library: { name: LIBRARY }, query: { vector: encodeVector(vector) }, k: K };
  });
  const singles = inputs.map((input) => JSON.stringify({ query: SINGLE_QUERY, variables: { input } }));
  const batches = Array.from({ length: QUESTIONS / BATCH }, (_, at) => {
    const searches = inputs.slice(at * BATCH, (at + 1) * BATCH);
    return JSON.stringify({ query: BATCH_QUERY, variables: { input: { searches } } });
  });
  const index = createIndex({ type: 'FLAT', dimension, metric: 'COSINE', seed: 1, expected: count });
  index.append(ordinalsFrom(0, count), data.subarray(0, count * dimension));
  const folder = mkdtempSync(join(tmpdir(), 'alcove-batch-'));
  const target = await Target.start({ kind: 'alcove', environment: { ALCOVE_DATA: folder } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await fill(target.url, count, dimension, row);
    const post = async (bodies: readonly string[]) => {
      const before = serverMs(target);
      for (const body of bodies) await ask(target.url, agent, body);
      return ((serverMs(target) - before) * 1_000) / QUESTIONS;
    };
    const alone = () => {
      const before = process.threadCpuUsage();
      for (const question of questions) index.search(question, { k: LOOKED_UP });
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / QUESTIONS;
    };
    const taken: Record<string, number[]> = { 'the index alone': [], 'in batches': [], 'one by one': [] };
    for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
      const took = [alone(), await post(batches), await post(singles)];
      if (round >= 0) Object.values(taken).forEach((all, at) => void all.push(took[at] as number));
    }
    const bare = taken['the index alone'] as number[];
    console.log(`${count} × ${dimension}, k ${K}, with text, medians of ${rounds} rounds`);
    console.table(
      Object.fromEntries(
        Object.entries(taken).map(([name, all]) => [
          name,
          {
            'processor, µs a search': Number(median(all).toFixed(1)),
            "of the index's pace": Number(median(all.map((us, at) => (bare[at] as number) / us)).toFixed(2)),
          },
        ]),
      ),
    );
  } finally {
    agent.destroy();
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function serverMs(target: Target): number {
  return target.threadTimes().get('server') ?? Number.NaN;
}

/** Makes the library, whose vectors are the first `count` rows, each with a text. */
async function fill(
  url: string,
  count: number,
  dimension: number,
  row: (at: number) => Float32Array,
): Promise<void> {
  const client = createClient({ url });
  const library = { name: LIBRARY };
  const embedding = { provider: 'EXTERNAL', model: 'seeded', dimension, metric: 'COSINE' } as const;
  orThrow(await client.createLibrary({ ...library, embedding }));
  orThrow(await client.upsertDocument({ library, id: 'doc_batch', title: 'Batch' }));
  for (let from = 0; from < count; from += WRITE_BATCH) {
    const places = Array.from({ length: Math.min(WRITE_BATCH, count - from) }, (_, at) => from + at);
    const chunks = places.map((place) => ({
      id: `chk_batch-${place}`,
      documentId: 'doc_batch',
      text: Array.from({ length: TEXT_WORDS }, (_, at) => WORDS[(at * 7 + place) % WORDS.length]).join(' '),
      embedding: encodeVector(row(place)),
    }));
    orThrow(await client.upsertChunks({ library, chunks }));
  }
  await client.close();
}

/** @throws Error unless there are hits, and no errors */
function ask(url: string, agent: Agent, body: string): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('end', () => {
        const text = Buffer.concat(parts).toString();
        if (text.includes('"edges":[{') && !/"(errors|code)":/.test(text)) resolve();
        else reject(new Error(`got ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    asked.once('error', reject).end(body);
  });
}
