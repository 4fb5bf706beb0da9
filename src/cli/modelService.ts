import { z } from 'zod';
import { CommandError } from './CommandError.ts';

/** A service that speaks OpenAI's POST /v1/embeddings, and the model of it that is used. */
export interface ServiceModel {
  readonly url: string;
  readonly model: string;
  readonly dimension: number;
  readonly apiKey: string | undefined;
}

const TIMEOUT_MS = 60_000;

const MODELS = z.object({ data: z.array(z.object({ id: z.string() })) });
const EMBEDDINGS = z.object({
  model: z.string(),
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
});
const ERROR = z.object({ error: z.object({ message: z.string() }) });

/** Asks the service which model there is, and how long its vectors are. @throws CommandError */
export async function modelOfService(
  url: string,
  model: string | undefined,
  apiKey: string | undefined,
): Promise<ServiceModel> {
  const name = model ?? (await ask(url, '/v1/models', apiKey, MODELS)).data[0]?.id;
  if (name === undefined) throw new CommandError(`${url} serves no models`);
  const probe = await requestEmbeddings(url, name, apiKey, ['probe']);
  const dimension = probe.data[0]?.embedding.length ?? 0;
  // The service's own name for it: a trained model's has its fingerprint.
  return { url, model: probe.model, dimension, apiKey };
}

/** The vectors of `texts`, in their order. @throws CommandError */
export async function embedByService(
  service: ServiceModel,
  texts: readonly string[],
): Promise<Float32Array[]> {
  const { data } = await requestEmbeddings(service.url, service.model, service.apiKey, texts);
  const vectors = texts.map((_, at) => data.find(({ index }) => index === at)?.embedding);
  return vectors.map((vector) => {
    if (vector?.length === service.dimension) return Float32Array.from(vector);
    throw new CommandError(
      `${service.url} answered a vector of ${vector?.length ?? 0} dimensions; expected ${service.dimension}`,
    );
  });
}

function requestEmbeddings(url: string, model: string, apiKey: string | undefined, input: readonly string[]) {
  return ask(url, '/v1/embeddings', apiKey, EMBEDDINGS, { model, input, encoding_format: 'float' });
}

async function ask<Shape>(
  url: string,
  path: string,
  apiKey: string | undefined,
  schema: z.ZodType<Shape>,
  body?: object,
): Promise<Shape> {
  const address = `${url.replace(/\/+$/, '')}${path}`;
  const response = await fetch(address, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw new CommandError(`${address} does not answer (${why}); is it running? (alcove model serve)`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const said = ERROR.safeParse(answer);
    throw new CommandError(
      `${address} answers with status ${response.status}${said.success ? `: ${said.data.error.message}` : ''}`,
    );
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new CommandError(`${address} does not answer as OpenAI's service does`);
}
