import { measurements } from '../../telemetry/Measurements.ts';
import { traceparent, withSpan } from '../../telemetry/spans.ts';
import { Secrets } from './Secrets.ts';

/** An answer that grows beyond this is broken off: 256 vectors of 16,384 numbers are smaller. */
const MAX_ANSWER_BYTES = 134_217_728;

/** What reading such an answer fails with. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/** Where a provider answers, and what it must be shown. The AI SDK gets `baseUrl` and `fetch`; secrets go by `fetch`. */
export interface Endpoint {
  /** Without user, password, query or a slash at the end: fit to be shown. */
  readonly baseUrl: string;
  readonly secrets: Secrets;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * An endpoint from a base URL as the operator gives it. Its user and password become a header (fetch refuses them in a
 * URL, and says the URL), and its query goes along with every request. An answer that does not end fails with
 * {@link AnswerTooLarge}.
 */
export function endpointAt(url: string, apiKey: string | undefined): Endpoint {
  const given = new URL(url);
  const baseUrl = `${given.origin}${given.pathname.replace(/\/+$/, '')}`;
  const user = decoded(given.username);
  const password = decoded(given.password);
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const hasUser = user !== '' || password !== '';
  const query = [...given.searchParams];
  return {
    baseUrl,
    secrets: new Secrets([apiKey, password, ...(hasUser ? [basic] : []), ...query.map(([, value]) => value)]),
    fetch: async (input, init) => {
      const target = new URL(input instanceof Request ? input.url : input);
      for (const [name, value] of query) target.searchParams.set(name, value);
      const headers = new Headers(init?.headers);
      if (hasUser) headers.set('authorization', `Basic ${basic}`);
      else if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey}`);
      return bounded(await observed(target, { ...init, headers }));
    },
  };
}

/** Fetches as a part of the trace that is under way, which the provider is told of, and measures what came of it. */
function observed(target: URL, init: RequestInit & { readonly headers: Headers }): Promise<Response> {
  const { host, pathname } = target;
  const attributes = { 'server.address': host, 'url.path': pathname };
  return withSpan(
    'model request',
    attributes,
    async (span) => {
      const startedAt = performance.now();
      const trace = traceparent();
      if (trace !== undefined) init.headers.set('traceparent', trace);
      let status = 'failed';
      try {
        const answer = await fetch(target, init);
        status = String(answer.status);
        span.set({ 'http.response.status_code': answer.status });
        return answer;
      } finally {
        measurements.count('alcove_embedder_requests_total', [host, status]);
        measurements.observe(
          'alcove_embedder_request_duration_seconds',
          [host],
          (performance.now() - startedAt) / 1_000,
        );
      }
    },
    'CLIENT',
  );
}

/** The same answer, which fails instead of growing beyond {@link MAX_ANSWER_BYTES}. */
function bounded(answer: Response): Response {
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES)
        controller.error(new AnswerTooLarge(`more than ${MAX_ANSWER_BYTES} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(answer.body?.pipeThrough(counted), answer);
}

/** A part of a URL without its percent signs; as it is, where they mean nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
