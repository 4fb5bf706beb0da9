import { APICallError } from 'ai';
import type { AlcoveError } from '../../errors.ts';
import { embedderError } from '../embedderError.ts';
import { AnswerTooLarge } from './Endpoint.ts';
import type { RemoteModel } from './RemoteModel.ts';
import { retryAfterMs } from './retryAfter.ts';

/** Of what a provider says, an error shows so much. */
const MAX_SAID_LENGTH = 300;

/** A request that was refused since a text is longer than the model reads; it is cut, or sent in parts. */
export class TextTooLong extends Error {
  override readonly name = 'TextTooLong';
}

/** How providers say it: Cohere, OpenAI and vLLM, TEI (of a batch, too), Ollama. */
const TOO_LONG =
  /(too long|too many tokens|batch size|(exceed|longer than|larger than|less than|maximum|max)[^.]{0,80}(context|token|input length|sequence length))/i;
const REFUSING_STATUSES: readonly number[] = [400, 413, 422, 500];

/** Statuses of what passes by itself. */
const PASSING_STATUSES: readonly number[] = [408, 409, 423, 425, 429];
const LASTING_SERVER_STATUSES: readonly number[] = [501, 505];

/** What does not pass by waiting, though it is answered with 429. */
const OUT_OF_CREDIT = /insufficient_quota|exceeded your current quota|billing/i;

/**
 * What a failed request means: TextTooLong, or an EmbedderError, which says the provider, the model and what was got, in
 * the provider's words where those help, and never a secret. Nothing of the original goes along: it holds the request.
 */
export function requestFailure(error: unknown, model: RemoteModel): AlcoveError | TextTooLong {
  if (!APICallError.isInstance(error)) return oddAnswer(error, model);
  const { statusCode: status } = error;
  if (status === undefined) return noConnection(error, model);
  if (status >= 200 && status < 300) return brokenAnswer(error, model);
  const body = error.responseBody ?? '';
  if (REFUSING_STATUSES.includes(status) && TOO_LONG.test(body)) return new TextTooLong();
  return refusal(error, status, body, model);
}

/** A request that took longer than it may. */
export function slowAnswer(model: RemoteModel, timeoutMs: number): AlcoveError {
  const what = `at ${model.endpoint.baseUrl} did not answer within ${timeoutMs} ms (ALCOVE_EMBEDDING_TIMEOUT_MS).`;
  return embedderError(model, { what, got: `nothing within ${timeoutMs} ms`, retryable: true });
}

function refusal(error: APICallError, status: number, body: string, model: RemoteModel): AlcoveError {
  const got = `HTTP ${status}`;
  const place = `at ${model.endpoint.baseUrl}`;
  if (status === 401 || status === 403) {
    const what = `${place} refused the key (${got}): check ${model.keyVariable}.`;
    return embedderError(model, { what, got, retryable: false });
  }
  const said = shown(error.message || body, model);
  const words = said === '' ? '' : `: ${said}`;
  if (status === 404) {
    const what = `was not found ${place} (${got}): check the model's name and the base URL${words}`;
    return embedderError(model, { what, got, retryable: false });
  }
  const passes =
    PASSING_STATUSES.includes(status) || (status >= 500 && !LASTING_SERVER_STATUSES.includes(status));
  const after = retryAfterMs(error.responseHeaders ?? {}, Date.now());
  return embedderError(model, {
    what: `${place} answered with ${got}${words}`,
    got,
    retryable: passes && !OUT_OF_CREDIT.test(body),
    ...(after === undefined ? {} : { retryAfterMs: after }),
  });
}

function noConnection(error: APICallError, model: RemoteModel): AlcoveError {
  const what = `could not be reached at ${model.endpoint.baseUrl}: ${shown(error.message, model)}`;
  return embedderError(model, { what, got: 'no connection', retryable: true });
}

/** A success that ended too early, or that is not what it should be. */
function brokenAnswer(error: APICallError, model: RemoteModel): AlcoveError {
  const place = `at ${model.endpoint.baseUrl}`;
  if (error.isRetryable || isCutOff(error.cause)) {
    const what = `${place} broke off in the middle of its answer.`;
    return embedderError(model, { what, got: 'part of an answer', retryable: true });
  }
  const said = error.cause instanceof AnswerTooLarge ? error.cause.message : error.message;
  const what = `${place} answered with something that is not an embedding: ${shown(said, model)}`;
  return embedderError(model, { what, got: 'no embedding', retryable: false });
}

function oddAnswer(error: unknown, model: RemoteModel): AlcoveError {
  const message = error instanceof Error ? error.message : String(error);
  const what = `at ${model.endpoint.baseUrl} failed: ${shown(message, model)}`;
  // A count that is not that of the texts comes as this; what is neither is no fault of the network's.
  return embedderError(model, { what, got: shown(message, model), retryable: isCutOff(error) });
}

/** What was said, on one line, short and without secrets. */
function shown(said: string, { endpoint }: RemoteModel): string {
  const line = endpoint.secrets.redact(said.replaceAll(/\s+/g, ' ').trim());
  return line.length > MAX_SAID_LENGTH ? `${line.slice(0, MAX_SAID_LENGTH)}…` : line;
}

/** Whether an error, or what caused it, is a connection that ended: undici says `terminated` and has a cause with a code. */
function isCutOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const hasCode =
    'code' in error && typeof error.code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(error.code);
  return hasCode || error.message === 'terminated' || isCutOff(error.cause);
}
