import { createHash } from 'node:crypto';
import {
  type AlcoveClient,
  type EmbeddingContractInput,
  encodeVector,
  isError,
  orThrow,
} from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { embedByService, modelOfService, type ServiceModel } from './modelService.ts';
import { ProgressBar } from './ProgressBar.ts';
import { SEED_RECORDS, type SeedRecord } from './seedRecords.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

/** Records that are embedded and written at once. */
const BATCH = 16;
/** Hexadecimal digits of a record's hash in its document's id. */
const ID_DIGITS = 32;

/** A question that a record answers in part by other words. */
const QUESTION = 'how does a physician hear the heart';

const METADATA_FIELDS = [
  { name: 'field', type: 'STRING' },
  { name: 'year', type: 'NUMBER' },
  { name: 'country', type: 'STRING' },
] as const;

/** Alcove is at `url`. */
export interface SeedOptions extends ServerOptions {
  /** The service that embeds: `http://127.0.0.1:4401`. */
  readonly modelUrl: string;
  /** The model; the first that the service lists, if absent. */
  readonly model?: string;
  readonly library: string;
}

/**
 * Fills a library with example records, whose vectors the service makes. Running it again writes the same records anew, so
 * that nothing is there twice. Where the server can reach an OpenAI-compatible service itself, the library has provider
 * OPENAI, and questions are embedded as the records were; otherwise EXTERNAL.
 */
export async function seed(options: SeedOptions): Promise<void> {
  const service = await modelOfService(options.modelUrl, options.model, process.env.ALCOVE_MODEL_API_KEY);
  const client = clientOf(options);
  const provider = await ensureLibrary(client, options.library, service);
  const bar = new ProgressBar();
  try {
    for (let done = 0; done < SEED_RECORDS.length; done += BATCH) {
      bar.update('seeding', done, SEED_RECORDS.length, SEED_RECORDS[done]?.title);
      const records = SEED_RECORDS.slice(done, done + BATCH);
      const vectors = await embedByService(service, records.map(textOf));
      await Promise.all(
        records.map((record, at) => write(client, options.library, record, vectors[at] as Float32Array)),
      );
    }
    bar.update('seeding', SEED_RECORDS.length, SEED_RECORDS.length);
  } finally {
    bar.end();
  }
  if (provider === 'OPENAI') await checkSearch(client, options.library);
  await client.close();
  process.stdout.write(
    `${SEED_RECORDS.length} records are in ${options.library}, embedded by ${service.model} at ${options.modelUrl}\n${
      provider === 'OPENAI'
        ? `try: alcove search ${options.library} "${QUESTION}"\n`
        : `the server embeds no questions for it (provider EXTERNAL): set ALCOVE_OPENAI_BASE_URL=${options.modelUrl}/v1 for the server, and seed another library\n`
    }`,
  );
}

/** The library's provider. @throws CommandError when the library is there with another contract. */
async function ensureLibrary(client: AlcoveClient, name: string, service: ServiceModel): Promise<string> {
  const found = await client.library({ name });
  if (found !== null) {
    const { provider, model, dimension } = found.embedding;
    if (model === service.model && dimension === service.dimension) return provider;
    throw new CommandError(
      `the library ${name} has the contract ${provider} ${model} of ${dimension} dimensions, and the service makes ${service.dimension} by ${service.model}; choose another --library or --model`,
    );
  }
  const contract = { model: service.model, dimension: service.dimension, metric: 'COSINE' } as const;
  const create = (embedding: EmbeddingContractInput) =>
    client.createLibrary({
      name,
      description: 'Example records: a small museum of inventions.',
      embedding,
      metadataFields: METADATA_FIELDS,
    });
  const answer = await create({ ...contract, provider: 'OPENAI' });
  if (!isError(answer)) return 'OPENAI';
  if (answer.__typename === 'NameTakenError') return ensureLibrary(client, name, service);
  orThrow(await create({ ...contract, provider: 'EXTERNAL', normalized: true }));
  return 'EXTERNAL';
}

/** The service that the server asks may be another than ours. @throws CommandError when it does not embed questions. */
async function checkSearch(client: AlcoveClient, library: string): Promise<void> {
  const answer = await client.knnSearch({ library: { name: library }, query: { text: QUESTION }, k: 1 });
  if (!isError(answer)) return;
  throw new CommandError(
    `the records are in ${library}, but the server cannot embed questions for it: ${answer.message}`,
  );
}

async function write(
  client: AlcoveClient,
  library: string,
  record: SeedRecord,
  vector: Float32Array,
): Promise<void> {
  const { key, title, text, field, year, country } = record;
  const hash = createHash('sha256').update(`${library}\0seed\0${key}`).digest('hex').slice(0, ID_DIGITS);
  orThrow(
    await client.upsertDocument({
      library: { name: library },
      id: `doc_${hash}`,
      title,
      metadata: { field, year, country },
      content: {
        chunks: [
          { id: `chk_${hash}`, text, embedding: encodeVector(vector), metadata: { field, year, country } },
        ],
      },
    }),
  );
}

/** What is embedded: the title belongs to what a record says. */
function textOf({ title, text }: SeedRecord): string {
  return `${title}. ${text}`;
}
