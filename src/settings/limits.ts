import type { z } from 'zod';
import { count } from './values.ts';

/** Variables of what one operation, one caller and one server thread may do; entries of CONFIG_SCHEMA. */
export const LIMIT_VARIABLES = {
  ALCOVE_MAX_TOKENS: count(10, 1_000_000)
    .default(10_000)
    .describe('Tokens that the text of an operation may have; vectors and texts belong into variables.'),
  ALCOVE_MAX_DEPTH: count(1, 128)
    .default(16)
    .describe('Fields within one another that an operation may have, fragments followed. GraphiQL needs 15.'),
  ALCOVE_MAX_ALIASES: count(0, 10_000).default(128).describe('Aliases that an operation may have.'),
  ALCOVE_MAX_COST: count(1, 1_000_000_000)
    .default(1_000_000)
    .describe(
      'What one operation may cost, which is known before anything of it is done: 1 for each field that it would have answered if every page were full, 100 for each search, 1,000 for an exact one, and the depth of one by words.',
    ),
  ALCOVE_MAX_K: count(1, 10_000).default(10_000).describe('The largest k of a search.'),
  ALCOVE_MAX_SEARCHES: count(1, 100).default(100).describe('Searches that one knnSearchBatch may have.'),
  ALCOVE_MAX_CHUNKS: count(1, 10_000)
    .default(10_000)
    .describe('Chunks that one mutation may write, or delete by id.'),
  ALCOVE_RATE_PER_SECOND: count(0, 1_000_000)
    .default(0)
    .describe(
      'Requests a second that one API key may make in the long run, over all threads; without keys, one address, or IPv6 network of 64 bits. More are refused with 429 and Retry-After. 0 sets no limit.',
    ),
  ALCOVE_RATE_BURST: count(1, 1_000_000)
    .optional()
    .describe(
      'Requests that one API key may make at once, after a rest; as many as in two seconds if left out.',
    ),
  ALCOVE_MAX_RUNNING: count(1, 1_000_000)
    .default(1_000)
    .describe(
      'Requests that one server thread works on at once, also while these wait for a model or a disk; more wait for their turn.',
    ),
  ALCOVE_MAX_QUEUED: count(0, 1_000_000)
    .default(1_000)
    .describe(
      'Requests that may wait for their turn in one server thread. More are refused at once, with 503, Retry-After and an OverloadedError.',
    ),
  ALCOVE_MAX_QUEUE_MS: count(1, 60_000)
    .default(1_000)
    .describe(
      'Milliseconds that a request may wait for its turn. One that would wait longer, by what requests take at present, is refused at once, as above.',
    ),
  ALCOVE_REQUEST_TIMEOUT_MS: count(1, 3_600_000)
    .default(120_000)
    .describe(
      'Milliseconds that a query or mutation may take, subscriptions and bulk routes aside. Then it is answered with a TimeoutError, and its work stops.',
    ),
};

export interface LimitsConfig {
  /** Of one operation. */
  readonly limits: {
    /** Of its text; see DOCUMENT_LIMITS in server/operations/documentLimits.ts. */
    readonly document: { readonly tokens: number; readonly depth: number; readonly aliases: number };
    readonly cost: number;
    readonly k: number;
    /** Of a batch. */
    readonly searches: number;
    /** Written, or deleted by id. */
    readonly chunks: number;
  };
  /** Of one key or address. `perSecond` of 0: no limit. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** Of one server thread; see QueueLimits in server/admission/RequestQueue.ts. */
  readonly queue: {
    readonly maxRunning: number;
    readonly maxQueued: number;
    readonly maxWaitMs: number;
  };
  /** Of one query or mutation. */
  readonly requestTimeoutMs: number;
}

type Values = z.infer<z.ZodObject<typeof LIMIT_VARIABLES>>;

export function limitsConfig(values: Values): LimitsConfig {
  return {
    limits: {
      document: {
        tokens: values.ALCOVE_MAX_TOKENS,
        depth: values.ALCOVE_MAX_DEPTH,
        aliases: values.ALCOVE_MAX_ALIASES,
      },
      cost: values.ALCOVE_MAX_COST,
      k: values.ALCOVE_MAX_K,
      searches: values.ALCOVE_MAX_SEARCHES,
      chunks: values.ALCOVE_MAX_CHUNKS,
    },
    rate: {
      perSecond: values.ALCOVE_RATE_PER_SECOND,
      burst: values.ALCOVE_RATE_BURST ?? Math.max(1, 2 * values.ALCOVE_RATE_PER_SECOND),
    },
    queue: {
      maxRunning: values.ALCOVE_MAX_RUNNING,
      maxQueued: values.ALCOVE_MAX_QUEUED,
      maxWaitMs: values.ALCOVE_MAX_QUEUE_MS,
    },
    requestTimeoutMs: values.ALCOVE_REQUEST_TIMEOUT_MS,
  };
}
