import { isLoopback, parseConfig } from '../config.ts';
import { startModelServer } from '../modelServer/ModelServer.ts';
import { OpenAiError } from '../modelServer/OpenAiError.ts';
import { createLogger } from '../telemetry/Logger.ts';
import { CommandError } from './CommandError.ts';
import { stopOnSignal } from './stopOnSignal.ts';

/** For requests that are under way when the service stops. */
const STOP_LIMIT_MS = 10_000;

export interface ModelServeOptions {
  readonly names: readonly string[];
  readonly host: string;
  readonly port: number;
}

/**
 * Serves models until a signal stops it. Callers have to show ALCOVE_MODEL_API_KEY, if it is set; it has no flag, since
 * other users of a machine can read the arguments of its processes.
 */
export async function modelServe(environment: NodeJS.ProcessEnv, options: ModelServeOptions): Promise<void> {
  const config = parseConfig(environment);
  const apiKey = environment.ALCOVE_MODEL_API_KEY || undefined;
  const server = await startModelServer({
    ...options,
    models: config.models,
    maxBodyBytes: config.maxBodyBytes,
    logger: createLogger(config.log),
    ...(apiKey === undefined ? {} : { apiKey }),
  }).catch((error: unknown) => {
    throw error instanceof OpenAiError ? new CommandError(error.message) : error;
  });
  stopOnSignal(() => server.close(STOP_LIMIT_MS));
  if (!isLoopback(options.host) && apiKey === undefined) {
    process.stderr.write(
      `alcove: listening on ${options.host} without a key; set ALCOVE_MODEL_API_KEY, or put a gateway in front of it\n`,
    );
  }
  const names = server.models.list().map(({ id }) => id);
  process.stdout.write(`
  Models are served.

  OpenAI's API   ${server.url}/v1    (embeddings, models)
  Health         ${server.url}/health
  Models         ${names.join(', ')}

`);
}
