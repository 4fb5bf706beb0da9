import { AlcoveRequestError } from './AlcoveRequestError.ts';
import type { ErrorCode } from './generated/operations.ts';

/** What the errors of a payload have in common. */
export interface PayloadError {
  readonly __typename: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: readonly string[];
  readonly retryable: boolean;
}

/** Whether a payload is one of its errors; on the other branch only its success is left. */
export function isError<Payload extends { readonly __typename: string }>(
  payload: Payload,
): payload is Extract<Payload, PayloadError> {
  return 'code' in payload && 'retryable' in payload;
}

/**
 * A payload's success.
 * @throws AlcoveRequestError of the payload's error, if it is one.
 */
export function orThrow<Payload extends { readonly __typename: string }>(
  payload: Payload,
): Exclude<Payload, PayloadError> {
  if (!isError(payload)) return payload as Exclude<Payload, PayloadError>;
  const { __typename: kind, message, code, path, retryable } = payload as PayloadError;
  throw new AlcoveRequestError(message, { kind, code, path, retryable });
}
