import { AlcoveError, type ErrorCode, type ErrorKind } from '../errors.ts';
import { toGraphQLError } from '../graphql/errorMapping.ts';
import { HttpError } from './HttpError.ts';
import type { Refusal } from './responses.ts';

const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FORBIDDEN: 403,
  UNAUTHENTICATED: 401,
  RESOURCE_EXHAUSTED: 429,
  TIMEOUT: 408,
  CANCELLED: 400,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  INTERNAL_SERVER_ERROR: 500,
};
const STATUS_OF_KIND: Partial<Readonly<Record<ErrorKind, number>>> = {
  CapacityExceededError: 413,
  OverloadedError: 503,
};
/** Seconds after which to try again, where the error says nothing better. */
const RETRY_AFTER_SECONDS = 1;

/** An error of ours as an HTTP answer, in the shape of a GraphQL response. */
class AlcoveRefusal implements Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #error: AlcoveError;

  constructor(error: AlcoveError) {
    this.status = STATUS_OF_KIND[error.kind] ?? STATUS_OF_CODE[error.code];
    this.headers = error.code === 'RESOURCE_EXHAUSTED' && error.retryable ? retryAfter(error) : {};
    this.#error = error;
  }

  toJSON(): object {
    return { errors: [toGraphQLError(this.#error).toJSON()] };
  }
}

/** What is answered to a request that failed with this; undefined if that is a bug. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof AlcoveError) return new AlcoveRefusal(error);
  return error instanceof HttpError ? error : undefined;
}

function retryAfter({ detail: { retryAfterMs } }: AlcoveError): Readonly<Record<string, string>> {
  const seconds = typeof retryAfterMs === 'number' ? Math.ceil(retryAfterMs / 1_000) : RETRY_AFTER_SECONDS;
  return { 'retry-after': String(seconds) };
}
