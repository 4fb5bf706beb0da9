import { availableParallelism, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { LIMIT_VARIABLES, type LimitsConfig, limitsConfig } from './settings/limits.ts';
import { TELEMETRY_VARIABLES, type TelemetryConfig, telemetryConfig } from './settings/telemetry.ts';
import { adminKey, apiKey, baseUrl, count, flag, origins } from './settings/values.ts';

/** Of the threads that can be attached to an index at once, some are left for others. */
const MAX_BUILD_THREADS = 48;

/** Below this a cache of embeddings would hold next to nothing. */
const MIN_CACHE_BYTES = 1_048_576;

const LOOPBACK_HOST = /^(localhost|::1|127(\.\d{1,3}){3})$/;

/** Of the memory that the process may use, indexes get so much; the rest is for the store's pages and for requests. */
const INDEX_MEMORY_SHARE = 0.6;

/** What a container allows, or else what the machine has. */
function defaultIndexMemory(): number {
  const allowed = process.constrainedMemory();
  const available = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
  return Math.floor(available * INDEX_MEMORY_SHARE);
}

/** Whether a variable can hold a secret: no message shows what it held, and no flag, which others see, sets it. */
export function isSecretVariable(name: string): boolean {
  return /_API_KEY$|_ADMIN_KEY$|_BASE_URL$|_OTLP_ENDPOINT$|_OTLP_HEADERS$/.test(name);
}

/**
 * One entry per environment variable: its type, default and what it does. Flags of the command line override single
 * variables before it is parsed; docs/configuration.md is printed from it.
 */
export const CONFIG_SCHEMA = z.object({
  ALCOVE_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Anything but loopback exposes the server to the network.'),
  ALCOVE_PORT: count(0, 65_535).default(4400).describe('Port to listen on; 0 picks a free one.'),
  ALCOVE_DATA: z
    .string()
    .min(1)
    .default('.alcove')
    .describe('Folder that holds the database and the index files; created if absent.'),
  ALCOVE_SAMPLE: flag('false').describe(
    'Load the sample library (this documentation) at start, if it is not there.',
  ),
  ALCOVE_THREADS: count(1, 256)
    .default(availableParallelism())
    .describe('Server threads, all on the same port; at most 8, or two for each processor.'),
  ALCOVE_AUTH: z
    .enum(['auto', 'required'])
    .default('auto')
    .describe(
      'Who needs a key (alcove keys create): everybody, unless the server listens on loopback (auto), or everybody also there (required).',
    ),
  ALCOVE_ADMIN_KEY: adminKey
    .optional()
    .describe(
      'A key that may do everything, besides those that alcove keys create makes: for the first start of a container, say. At least 32 characters. Kept in memory alone.',
    ),
  ALCOVE_INTROSPECTION: flag('true').describe(
    'Whether clients may introspect the schema; GraphiQL needs it.',
  ),
  ALCOVE_GRAPHIQL: flag('true').describe('Whether /graphql serves GraphiQL to browsers.'),
  ALCOVE_SUGGESTIONS: flag('true').describe(
    'Whether errors suggest names ("did you mean …"). Turn off in production to hide the schema.',
  ),
  ALCOVE_MAX_BODY_BYTES: count(1_024, 1_073_741_824)
    .default(67_108_864)
    .describe('Largest HTTP request body, in bytes, also after decompression.'),
  ALCOVE_MAX_UPLOAD_BYTES: count(1_024, 68_719_476_736)
    .default(268_435_456)
    .describe(
      'Largest multipart request with files, or Parquet file with rows, to import, in bytes. Files go to the disk as they come.',
    ),
  ALCOVE_OPERATION_CACHE_BYTES: count(0, 17_179_869_184)
    .default(67_108_864)
    .describe(
      'Memory in which one server thread remembers operations, parsed, validated and planned, by their text; what was used longest ago is forgotten first.',
    ),
  ALCOVE_OPERATIONS_FILE: z
    .string()
    .default('')
    .describe(
      'File of operations that clients may ask for by their id or SHA-256: `{"ID": "OPERATION"}`, or the manifest that Apollo\'s tools write. Read at start.',
    ),
  ALCOVE_OPERATIONS: z
    .enum(['any', 'registered'])
    .default('any')
    .describe(
      'Which operations are answered: any, or those of ALCOVE_OPERATIONS_FILE alone. GraphiQL and the command line need any.',
    ),
  ALCOVE_IMPORT_URLS: z
    .enum(['off', 'public', 'any'])
    .default('off')
    .describe(
      'Whether documents may be imported from URLs: from public addresses alone, or from any (also private ones: only in a network that you trust).',
    ),
  ALCOVE_MAX_CONNECTIONS: count(1, 1_000_000)
    .default(10_000)
    .describe(
      'Connections that one server thread holds at once, event streams and WebSockets included; more are closed as they come.',
    ),
  ALCOVE_MAX_SUBSCRIPTIONS: count(1, 1_000_000)
    .default(1_000)
    .describe('Subscriptions that one WebSocket connection may hold at once.'),
  ...LIMIT_VARIABLES,
  ALCOVE_ALLOWED_ORIGINS: origins
    .default([])
    .describe(
      "Origins, separated by commas, whose browsers may use the API besides the server's own: https://app.example.",
    ),
  ALCOVE_JOBS: count(1, 64)
    .default(1)
    .describe('Index jobs that may run at once, each on threads of its own.'),
  ALCOVE_INDEX_MEMORY_BYTES: count(16_777_216, Number.MAX_SAFE_INTEGER)
    .default(defaultIndexMemory())
    .describe(
      'Memory for indexes, in bytes, with those that are being built. Indexes that are not in use are closed to stay within it; what does not fit then is refused.',
    ),
  ALCOVE_CHECK_PAGES: z
    .enum(['start', 'background'])
    .default('start')
    .describe(
      'When the pages of the database are compared with their checksums: before anything is answered, which takes a second or more for each gigabyte, or meanwhile, 20 MiB a second. What is known to be wrong is looked at before anything is answered either way.',
    ),
  ALCOVE_BUILD_THREADS: count(1, MAX_BUILD_THREADS)
    .default(Math.min(MAX_BUILD_THREADS, Math.max(1, availableParallelism() - 1)))
    .describe('Threads that build one index, at low priority.'),
  ALCOVE_MODELS: z
    .string()
    .min(1)
    .default('model_artifacts')
    .describe(
      'Folder of models for the providers TRAINED and LOCAL, as alcove model build and pull fill it.',
    ),
  ALCOVE_ONNX_THREADS: count(1, 64)
    .default(1)
    .describe(
      'Threads that ONNX Runtime may use for one model of the provider LOCAL. Every server thread that embeds with it runs the model once.',
    ),
  ALCOVE_TRANSFORMERS_FOLDER: z
    .string()
    .default('')
    .describe(
      'Folder in whose node_modules the optional package @huggingface/transformers is, if it is not installed beside Alcove; the provider LOCAL needs it.',
    ),
  ALCOVE_COHERE_API_KEY: apiKey
    .optional()
    .describe(
      'Key of Cohere, for libraries with provider COHERE. Never logged, stored or shown, as no key is.',
    ),
  ALCOVE_COHERE_BASE_URL: baseUrl
    .default('https://api.cohere.com/v2')
    .describe('Where Cohere answers, or a server that speaks as it does.'),
  ALCOVE_OPENAI_API_KEY: apiKey
    .optional()
    .describe(
      'Key of OpenAI, or of the server at ALCOVE_OPENAI_BASE_URL if it wants one, for libraries with provider OPENAI.',
    ),
  ALCOVE_OPENAI_BASE_URL: baseUrl
    .default('https://api.openai.com/v1')
    .describe(
      "Where OpenAI's API of embeddings is spoken: OpenAI, vLLM, Text Embeddings Inference, LM Studio … A user, password or query in it goes along with each request.",
    ),
  ALCOVE_OPENAI_MAX_TOKENS: count(16, 1_000_000)
    .optional()
    .describe(
      'Tokens of a text that the models at ALCOVE_OPENAI_BASE_URL read, where neither the server says it nor Alcove knows it; 512 are taken for granted otherwise. What is longer is cut, and its chunks say so.',
    ),
  ALCOVE_OLLAMA_BASE_URL: baseUrl
    .optional()
    .describe('Where Ollama answers, for libraries with provider OLLAMA: http://127.0.0.1:11434.'),
  ALCOVE_EMBEDDING_CONCURRENCY: count(1, 256)
    .default(4)
    .describe('Requests that one server thread has under way at a provider of embeddings at once.'),
  ALCOVE_EMBEDDING_TIMEOUT_MS: count(100, 3_600_000)
    .default(60_000)
    .describe('Milliseconds that a provider may take for one request.'),
  ALCOVE_EMBEDDING_RETRIES: count(0, 20)
    .default(3)
    .describe(
      'How often a request that failed for a reason that passes (429, 5xx, no connection) is sent again: after what Retry-After says, or 0.5 s, 1 s, 2 s …',
    ),
  ALCOVE_EMBEDDING_CACHE_BYTES: count(0, Number.MAX_SAFE_INTEGER)
    .refine((bytes) => bytes === 0 || bytes >= MIN_CACHE_BYTES, `expected 0, or at least ${MIN_CACHE_BYTES}`)
    .default(536_870_912)
    .describe(
      'Largest size of the file in which vectors of remote models are kept by the hash of their text, so that the same text is not paid for twice; 0 keeps none.',
    ),
  ALCOVE_DRAIN_DELAY_MS: count(0, 600_000)
    .default(0)
    .describe(
      'Milliseconds after SIGTERM in which /health/ready already answers 503 while requests are still taken, so that load balancers look elsewhere first.',
    ),
  ALCOVE_STOP_LIMIT_MS: count(1_000, 3_600_000)
    .default(25_000)
    .describe(
      'Milliseconds after that delay in which a stop is over: running requests get up to ten seconds of it, the rest is for saving indexes. What is not done by then is left; nothing that was answered is lost.',
    ),
  ALCOVE_LOG: z.enum(['silent', 'error', 'info', 'debug']).default('info').describe('How much to log.'),
  ...TELEMETRY_VARIABLES,
});

/** What embeds text besides this process: where it is, and how it is treated. */
export interface EmbeddingConfig {
  readonly cohere: { readonly baseUrl: string; readonly apiKey: string | undefined };
  readonly openai: {
    readonly baseUrl: string;
    readonly apiKey: string | undefined;
    readonly maxTokens: number | undefined;
  };
  readonly ollama: { readonly baseUrl: string | undefined };
  /** Requests under way at a provider at once, of one thread. */
  readonly concurrency: number;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly retries: number;
  /** 0: nothing is kept. */
  readonly cacheBytes: number;
}

export interface Config extends TelemetryConfig, LimitsConfig {
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly dataPath: string;
  readonly sample: boolean;
  readonly threads: number;
  readonly auth: {
    /** Whether a request without a key is refused. */
    readonly isRequired: boolean;
    /** A key that may do everything. */
    readonly adminKey: string | undefined;
  };
  readonly introspection: boolean;
  readonly graphiql: boolean;
  readonly suggestions: boolean;
  readonly maxBodyBytes: number;
  readonly maxUploadBytes: number;
  /** Of one server thread. */
  readonly operationCacheBytes: number;
  /** Absolute path, or empty. */
  readonly operationsFile: string;
  readonly operations: 'any' | 'registered';
  readonly importUrls: 'off' | 'public' | 'any';
  readonly maxConnections: number;
  readonly maxSubscriptions: number;
  readonly allowedOrigins: readonly string[];
  readonly jobs: number;
  readonly indexMemoryBytes: number;
  readonly buildThreads: number;
  readonly checkPages: 'start' | 'background';
  /** What runs models of this machine; ModelOptions in embedding/LocalEmbedder.ts. */
  readonly models: {
    /** Absolute path. */
    readonly modelsPath: string;
    readonly onnxThreads: number;
    /** Absolute path, or empty. */
    readonly transformersFolder: string;
  };
  readonly embedding: EmbeddingConfig;
  /** From the signal until connections are closed; readiness is off meanwhile. */
  readonly drainDelayMs: number;
  /** For everything that a stop does after that. */
  readonly stopLimitMs: number;
  readonly log: 'silent' | 'error' | 'info' | 'debug';
}

/** A variable or flag that cannot be used; the message is the one line to print. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * An empty variable counts as absent.
 * @throws ConfigError naming each bad variable, what it held and what it takes.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = CONFIG_SCHEMA.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const held = isSecretVariable(name) ? '…' : JSON.stringify(environment[name]);
      return `${name}=${held}: ${issue.message}`;
    });
    throw new ConfigError(lines.join('; '));
  }
  const values = parsed.data;
  return {
    host: values.ALCOVE_HOST,
    port: values.ALCOVE_PORT,
    dataPath: resolve(values.ALCOVE_DATA),
    sample: values.ALCOVE_SAMPLE,
    threads: Math.min(values.ALCOVE_THREADS, Math.max(8, 2 * availableParallelism())),
    auth: {
      isRequired: values.ALCOVE_AUTH === 'required' || !isLoopback(values.ALCOVE_HOST),
      adminKey: values.ALCOVE_ADMIN_KEY,
    },
    introspection: values.ALCOVE_INTROSPECTION,
    graphiql: values.ALCOVE_GRAPHIQL,
    suggestions: values.ALCOVE_SUGGESTIONS,
    maxBodyBytes: values.ALCOVE_MAX_BODY_BYTES,
    maxUploadBytes: values.ALCOVE_MAX_UPLOAD_BYTES,
    operationCacheBytes: values.ALCOVE_OPERATION_CACHE_BYTES,
    operationsFile: values.ALCOVE_OPERATIONS_FILE === '' ? '' : resolve(values.ALCOVE_OPERATIONS_FILE),
    operations: values.ALCOVE_OPERATIONS,
    importUrls: values.ALCOVE_IMPORT_URLS,
    maxConnections: values.ALCOVE_MAX_CONNECTIONS,
    maxSubscriptions: values.ALCOVE_MAX_SUBSCRIPTIONS,
    ...limitsConfig(values),
    allowedOrigins: values.ALCOVE_ALLOWED_ORIGINS,
    jobs: values.ALCOVE_JOBS,
    indexMemoryBytes: values.ALCOVE_INDEX_MEMORY_BYTES,
    buildThreads: values.ALCOVE_BUILD_THREADS,
    checkPages: values.ALCOVE_CHECK_PAGES,
    models: {
      modelsPath: resolve(values.ALCOVE_MODELS),
      onnxThreads: values.ALCOVE_ONNX_THREADS,
      transformersFolder:
        values.ALCOVE_TRANSFORMERS_FOLDER === '' ? '' : resolve(values.ALCOVE_TRANSFORMERS_FOLDER),
    },
    embedding: embeddingConfig(values),
    drainDelayMs: values.ALCOVE_DRAIN_DELAY_MS,
    stopLimitMs: values.ALCOVE_STOP_LIMIT_MS,
    log: values.ALCOVE_LOG,
    ...telemetryConfig(values),
  };
}

function embeddingConfig(values: z.infer<typeof CONFIG_SCHEMA>): EmbeddingConfig {
  return {
    cohere: { baseUrl: values.ALCOVE_COHERE_BASE_URL, apiKey: values.ALCOVE_COHERE_API_KEY },
    openai: {
      baseUrl: values.ALCOVE_OPENAI_BASE_URL,
      apiKey: values.ALCOVE_OPENAI_API_KEY,
      maxTokens: values.ALCOVE_OPENAI_MAX_TOKENS,
    },
    ollama: { baseUrl: values.ALCOVE_OLLAMA_BASE_URL },
    concurrency: values.ALCOVE_EMBEDDING_CONCURRENCY,
    timeoutMs: values.ALCOVE_EMBEDDING_TIMEOUT_MS,
    retries: values.ALCOVE_EMBEDDING_RETRIES,
    cacheBytes: values.ALCOVE_EMBEDDING_CACHE_BYTES,
  };
}

/** Whether the server can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOST.test(host);
}
