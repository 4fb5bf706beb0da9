/** An error as GraphQL reports it. */
export interface ReportedError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What a program can go by when a request failed. */
export interface RequestFailure {
  /** A code of the server's (`BAD_USER_INPUT`, `NOT_FOUND` …), or `UNREACHABLE` when there was no answer. */
  readonly code: string;
  /** The error's type, where the server named one: `LibraryNotFoundError` … */
  readonly kind?: string | undefined;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Where in the input the fault is, from the outside in. */
  readonly path?: readonly string[] | undefined;
  /** The HTTP status, if the request got that far. */
  readonly status?: number | undefined;
  readonly errors?: readonly ReportedError[] | undefined;
}

/** A request that did not get an answer of its type: refused as a whole, failed on the way, or an error unwrapped. */
export class AlcoveRequestError extends Error {
  override readonly name = 'AlcoveRequestError';
  readonly code: string;
  readonly kind: string | undefined;
  readonly retryable: boolean;
  readonly path: readonly string[];
  readonly status: number | undefined;
  readonly errors: readonly ReportedError[];

  constructor(message: string, failure: RequestFailure, options?: ErrorOptions) {
    super(message, options);
    this.code = failure.code;
    this.kind = failure.kind;
    this.retryable = failure.retryable;
    this.path = failure.path ?? [];
    this.status = failure.status;
    this.errors = failure.errors ?? [];
  }

  /** From the `errors` of a GraphQL response; the first one speaks for them. */
  static fromErrors(errors: readonly ReportedError[], status?: number): AlcoveRequestError {
    const [first] = errors;
    const { code, kind, retryable, path } = first?.extensions ?? {};
    return new AlcoveRequestError(first?.message ?? 'the request failed', {
      code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
      kind: typeof kind === 'string' ? kind : undefined,
      retryable: retryable === true,
      path: Array.isArray(path) ? path.map(String) : [],
      status,
      errors,
    });
  }

  /** When a subscription's connection was closed for its key; `reason` is what the server said. */
  static refusedKey(reason: string, cause: unknown): AlcoveRequestError {
    return new AlcoveRequestError(
      reason || 'the key was refused',
      { code: 'UNAUTHENTICATED', kind: 'UnauthenticatedError', retryable: false },
      { cause },
    );
  }

  /** When there was no answer at all; `cause` is what the network said. */
  static unreachable(url: string, cause: unknown): AlcoveRequestError {
    return new AlcoveRequestError(
      `no answer from ${url}`,
      { code: 'UNREACHABLE', retryable: true },
      { cause },
    );
  }
}
