import type { ErrorCode } from '../errors.ts';

/** What clients that send hashes in place of texts look for. */
export type PersistedQueryCode = 'PERSISTED_QUERY_NOT_FOUND';

/** A request that is refused before GraphQL sees it: the status to answer and what to say. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: ErrorCode | PersistedQueryCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { code?: ErrorCode | PersistedQueryCode; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = options.code ?? (status === 403 ? 'FORBIDDEN' : 'BAD_USER_INPUT');
    this.headers = options.headers ?? {};
  }

  /** The body, in the shape of a GraphQL response. */
  toJSON(): object {
    return { errors: [{ message: this.message, extensions: { code: this.code } }] };
  }
}
