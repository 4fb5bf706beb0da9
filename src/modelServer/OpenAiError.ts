import { AlcoveError } from '../errors.ts';
import { HttpError } from '../server/HttpError.ts';

interface ErrorOptions {
  /** OpenAI's kind of error. */
  readonly type?: string;
  /** What of the request is wrong: `input`. */
  readonly param?: string;
  /** What a program decides on: `model_not_found`. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in the shape that clients of OpenAI know. */
export class OpenAiError extends Error {
  override readonly name = 'OpenAiError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #options: ErrorOptions;

  constructor(status: number, message: string, options: ErrorOptions = {}) {
    super(message);
    this.status = status;
    this.headers = options.headers ?? {};
    this.#options = options;
  }

  /** The body. */
  toJSON(): object {
    const { type = 'invalid_request_error', param = null, code = null } = this.#options;
    return { error: { message: this.message, type, param, code } };
  }
}

/** The refusal that says what went wrong; nothing for a bug. */
export function asOpenAiError(error: unknown): OpenAiError | undefined {
  if (error instanceof OpenAiError) return error;
  if (error instanceof HttpError) {
    const { status, message, headers } = error;
    return new OpenAiError(status, message, { headers, ...(status === 429 ? TOO_MANY : {}) });
  }
  if (!(error instanceof AlcoveError)) return undefined;
  switch (error.code) {
    case 'BAD_USER_INPUT':
    case 'NOT_FOUND':
      return new OpenAiError(400, error.message, { param: fieldOf(error) });
    case 'RESOURCE_EXHAUSTED':
      return new OpenAiError(429, error.message, { ...TOO_MANY, headers: { 'retry-after': '1' } });
    default:
      return new OpenAiError(503, error.message, { type: 'server_error', code: 'model_failed' });
  }
}

const TOO_MANY = { type: 'requests', code: 'rate_limit_exceeded' };

/** The field of a request that an error is about, as OpenAI calls it. */
function fieldOf({ path }: AlcoveError): string {
  const field = path.at(-1) ?? 'input';
  return field === 'dimension' ? 'dimensions' : field;
}
