import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEED_RECORDS } from '../../src/cli/seedRecords.ts';
import { createClient, orThrow } from '../../src/client/index.ts';
import { type ModelServer, startModelServer } from '../../src/modelServer/ModelServer.ts';
import { createLogger } from '../../src/telemetry/Logger.ts';
import { learnModel } from '../../src/training/learnModel.ts';
import { corpusPassages } from '../training/synonymCorpus.ts';
import { alcove, type ServerProcess, serve } from './alcove.ts';

let folder: string;
let models: ModelServer;
let server: ServerProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-seed-'));
  async function* passages() {
    yield* corpusPassages(200, 1);
  }
  const { file } = await learnModel(passages(), { dimension: 96, seed: 1 });
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'own', 'model.alcove'), file);
  models = await startModelServer({
    host: '127.0.0.1',
    port: 0,
    names: [],
    models: { modelsPath: folder, onnxThreads: 1, transformersFolder: '' },
    apiKey: 'service-key',
    maxBodyBytes: 1_048_576,
    logger: createLogger('silent'),
  });
  server = await serve([], {
    ALCOVE_OPENAI_BASE_URL: `${models.url}/v1`,
    ALCOVE_OPENAI_API_KEY: 'service-key',
  });
});
afterAll(async () => {
  await server.stop();
  await models.close(1_000);
  rmSync(server.dataPath, { recursive: true });
  rmSync(folder, { recursive: true });
});

const seed = (args: readonly string[] = [], environment: Record<string, string> = {}) =>
  alcove(['seed', '--url', server.url, '--model-url', models.url, ...args], {
    ALCOVE_MODEL_API_KEY: 'service-key',
    ...environment,
  });

describe('the example records', () => {
  it('are each of their own key, and say something to find and something to filter by', () => {
    expect(SEED_RECORDS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(SEED_RECORDS.map(({ key }) => key)).size).toBe(SEED_RECORDS.length);
    for (const { text, year } of SEED_RECORDS) {
      expect(text.length).toBeGreaterThan(40);
      expect(year).toBeGreaterThan(1_400);
    }
  });
});

describe('alcove seed', () => {
  it('fills a library by way of the service, with progress, and what it wrote is found by a text', async () => {
    const { status, out, error } = await seed();
    expect({ status, error: error.replaceAll(/seeding.*\n/g, '') }).toEqual({ status: 0, error: '' });
    expect(error).toContain('seeding 100 %');
    expect(out).toContain(`${SEED_RECORDS.length} records are in examples, embedded by ngram-hash-1`);
    const client = createClient({ url: server.url });
    const library = await client.library({ name: 'examples' });
    expect(library?.embedding).toMatchObject({ provider: 'OPENAI', model: 'ngram-hash-1', dimension: 384 });
    expect(library?.counts).toMatchObject({ documents: SEED_RECORDS.length, chunks: SEED_RECORDS.length });
    const { edges } = orThrow(
      await client.knnSearch({
        library: { name: 'examples' },
        query: { text: 'a wooden tube to hear heart and lungs' },
        filter: { metadata: [{ field: 'year', is: { number: { lt: 1900 } } }] },
        k: 1,
      }),
    );
    expect(edges.map(({ node }) => node.document.title)).toEqual(['Stethoscope']);
  });

  it('again writes the same records, and none twice', async () => {
    const client = createClient({ url: server.url });
    expect((await seed()).status).toBe(0);
    const library = await client.library({ name: 'examples' });
    expect(library?.counts).toMatchObject({ documents: SEED_RECORDS.length, chunks: SEED_RECORDS.length });
  });

  it('takes the model that is named, and refuses a library of another', async () => {
    const { status, out } = await seed(['--model', 'own', '--library', 'mine']);
    expect(status).toBe(0);
    expect(out).toMatch(/embedded by own@[0-9a-f]{8}/);
    const refused = await seed(['--model', 'own']);
    expect(refused.status).toBe(1);
    expect(refused.error).toMatch(/^alcove: the library examples has the contract OPENAI ngram-hash-1 .*\n$/);
  });

  it('says in one line that the service is not there, or does not take the key, which it does not print', async () => {
    const absent = await alcove(['seed', '--url', server.url, '--model-url', 'http://127.0.0.1:9']);
    expect(absent.status).toBe(1);
    expect(absent.error).toMatch(
      /^alcove: http:\/\/127\.0\.0\.1:9\/v1\/models does not answer .*alcove model serve\)\n$/,
    );
    const refused = await seed([], { ALCOVE_MODEL_API_KEY: 'other-key' });
    expect(refused.status).toBe(1);
    expect(refused.error).toMatch(/^alcove: .*status 401.*\n$/);
    expect(refused.error).not.toContain('other-key');
  });

  it('brings the vectors itself where the server has no way to the service', async () => {
    const alone = await serve();
    const { status, out } = await alcove(['seed', '--url', alone.url, '--model-url', models.url], {
      ALCOVE_MODEL_API_KEY: 'service-key',
    });
    expect(status).toBe(0);
    expect(out).toContain('ALCOVE_OPENAI_BASE_URL=');
    const library = await createClient({ url: alone.url }).library({ name: 'examples' });
    expect(library?.embedding.provider).toBe('EXTERNAL');
    expect(library?.counts.chunks).toBe(SEED_RECORDS.length);
    await alone.stop();
    rmSync(alone.dataPath, { recursive: true });
  });
});
