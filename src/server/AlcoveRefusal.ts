import type { AlcoveError, ErrorCode, ErrorKind } from '../errors.ts';
import { toGraphQLError } from '../graphql/errorMapping.ts';
import type { Refusal } from './responses.ts';

const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FORBIDDEN: 403,
  RESOURCE_EXHAUSTED: 429,
  TIMEOUT: 408,
  CANCELLED: 400,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  INTERNAL_SERVER_ERROR: 500,
};
const STATUS_OF_KIND: Partial<Readonly<Record<ErrorKind, number>>> = { CapacityExceededError: 413 };

/** An error of ours as an HTTP answer, in the shape of a GraphQL response. */
export class AlcoveRefusal implements Refusal {
  readonly status: number;
  readonly headers = {};
  readonly #error: AlcoveError;

  constructor(error: AlcoveError) {
    this.status = STATUS_OF_KIND[error.kind] ?? STATUS_OF_CODE[error.code];
    this.#error = error;
  }

  toJSON(): object {
    return { errors: [toGraphQLError(this.#error).toJSON()] };
  }
}
