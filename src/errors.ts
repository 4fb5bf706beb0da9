/**
 * The closed set of errors. Everything that can go wrong for a caller is one of these kinds; anything else that is
 * thrown is a bug, is logged, and reaches a client only as "internal error", or as an InternalError where it is kept
 * with what it spoiled.
 *
 * An error says what was got, what was expected and what to do, names the place in the caller's input as `path`, and
 * survives a trip between threads as plain data ({@link ErrorRecord}).
 */

/** What a program decides on. Several kinds share a code. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'RESOURCE_EXHAUSTED'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'INTERNAL_SERVER_ERROR';

interface KindOptions {
  readonly code: ErrorCode;
  /** Whether the same request can succeed later without being changed. */
  readonly retryable: boolean;
}

/** Every kind of error, named as its GraphQL type is. */
export const ERROR_KINDS = {
  LibraryNotFoundError: { code: 'NOT_FOUND', retryable: false },
  NodeNotFoundError: { code: 'NOT_FOUND', retryable: false },
  NameTakenError: { code: 'CONFLICT', retryable: false },
  IdTakenError: { code: 'CONFLICT', retryable: false },
  ContractFrozenError: { code: 'CONFLICT', retryable: false },
  IdempotencyConflictError: { code: 'CONFLICT', retryable: false },
  JobNotCancellableError: { code: 'CONFLICT', retryable: false },
  ForbiddenError: { code: 'FORBIDDEN', retryable: false },
  UnauthenticatedError: { code: 'UNAUTHENTICATED', retryable: false },
  DimensionMismatchError: { code: 'BAD_USER_INPUT', retryable: false },
  InvalidVectorError: { code: 'BAD_USER_INPUT', retryable: false },
  InvalidMetadataError: { code: 'BAD_USER_INPUT', retryable: false },
  InvalidFilterError: { code: 'BAD_USER_INPUT', retryable: false },
  InvalidArgumentError: { code: 'BAD_USER_INPUT', retryable: false },
  UnreadableFileError: { code: 'BAD_USER_INPUT', retryable: false },
  CapacityExceededError: { code: 'RESOURCE_EXHAUSTED', retryable: false },
  OverloadedError: { code: 'RESOURCE_EXHAUSTED', retryable: true },
  RateLimitedError: { code: 'RESOURCE_EXHAUSTED', retryable: true },
  EmbedderError: { code: 'UNAVAILABLE', retryable: true },
  SourceUnavailableError: { code: 'UNAVAILABLE', retryable: true },
  RerankerError: { code: 'UNAVAILABLE', retryable: true },
  StoreUnavailableError: { code: 'UNAVAILABLE', retryable: true },
  ShuttingDownError: { code: 'UNAVAILABLE', retryable: true },
  TimeoutError: { code: 'TIMEOUT', retryable: true },
  CancelledError: { code: 'CANCELLED', retryable: false },
  RecallNotReachedError: { code: 'CONFLICT', retryable: false },
  DamagedError: { code: 'DATA_LOSS', retryable: false },
  InternalError: { code: 'INTERNAL_SERVER_ERROR', retryable: false },
} as const satisfies Record<string, KindOptions>;

export type ErrorKind = keyof typeof ERROR_KINDS;

/** What was got and expected, as short texts; kinds add fields of their own (`field`, `id`, `name` …). */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null>>;

/** An error as plain data, to cross threads and to be stored with a job. */
export interface ErrorRecord {
  readonly kind: ErrorKind;
  readonly message: string;
  /** Where in the caller's input, from the outside in: `['input', 'chunks', '3', 'embedding']`. */
  readonly path: readonly string[];
  readonly detail: ErrorDetail;
  /** Present: this one differs from its kind. */
  readonly retryable?: boolean;
}

/** Whether the same request can succeed later without being changed. */
export function isRetryable({ kind, retryable }: Pick<ErrorRecord, 'kind' | 'retryable'>): boolean {
  return retryable ?? ERROR_KINDS[kind].retryable;
}

/** A failure that a caller can understand and act on. */
export class AlcoveError extends Error {
  readonly kind: ErrorKind;
  readonly path: readonly string[];
  readonly detail: ErrorDetail;
  readonly retryable: boolean;

  /** `retryable` is said only where this one differs from its kind. */
  constructor(
    kind: ErrorKind,
    message: string,
    options: { path?: readonly string[]; detail?: ErrorDetail; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = kind;
    this.kind = kind;
    this.path = options.path ?? [];
    this.detail = options.detail ?? {};
    this.retryable = options.retryable ?? ERROR_KINDS[kind].retryable;
  }

  get code(): ErrorCode {
    return ERROR_KINDS[this.kind].code;
  }

  /** The same error seen from further out: `prefix` is put before its path. */
  within(...prefix: readonly string[]): AlcoveError {
    return new AlcoveError(this.kind, this.message, {
      path: [...prefix, ...this.path],
      detail: this.detail,
      retryable: this.retryable,
      cause: this.cause,
    });
  }

  toRecord(): ErrorRecord {
    const { kind, message, path, detail, retryable } = this;
    const record = { kind, message, path, detail };
    return retryable === ERROR_KINDS[kind].retryable ? record : { ...record, retryable };
  }

  static fromRecord(record: ErrorRecord): AlcoveError {
    const { kind, message, ...options } = record;
    return new AlcoveError(kind, message, options);
  }
}
