import { parseConfig } from '../config.ts';
import { reachableUrl } from '../server/reachableUrl.ts';
import { CommandError } from './CommandError.ts';

/** A server that has not answered by then is as good as down. */
const TIMEOUT_MS = 2_500;

/**
 * Says what the address answers: by default `/health/ready` of the server that the environment describes.
 * @throws CommandError when it cannot serve, with its reason.
 */
export async function health(environment: NodeJS.ProcessEnv, address?: string): Promise<void> {
  const asked = address ?? readinessOf(environment);
  const response = await fetch(asked, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: Error) => {
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw new CommandError(`${asked} does not answer (${why})`);
  });
  const said = (await response.text()).trim();
  if (!response.ok) throw new CommandError(`${asked} answers with status ${response.status}: ${said}`);
  process.stdout.write(`${said}\n`);
}

function readinessOf(environment: NodeJS.ProcessEnv): string {
  const { host, port } = parseConfig(environment);
  return `${reachableUrl(host, port)}/health/ready`;
}
