import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { StartError } from './StartError.ts';

/** Errors of systems that cannot share a port between sockets. */
const NOT_SHAREABLE = ['ENOTSUP', 'EINVAL', 'ENOPROTOOPT'];

/** What sets an address and a port, for the error that says what to do. */
interface PortVariables {
  readonly host: string;
  readonly port: string;
}

const API_VARIABLES: PortVariables = { host: 'ALCOVE_HOST', port: 'ALCOVE_PORT' };

/**
 * Binds the port alone for a moment. Threads share theirs, and a second server would be let in to share it too: only
 * this shows that somebody has it.
 * @throws StartError
 */
export async function checkPortIsFree(
  host: string,
  port: number,
  variables: PortVariables = API_VARIABLES,
): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await listen(probe, { host, port }, variables);
  probe.close();
  await once(probe, 'close');
}

/**
 * Listens on a port that other threads listen on as well, or alone where the system has no such thing.
 * @throws StartError
 */
export async function listenShared(
  server: Server,
  host: string,
  port: number,
): Promise<{ readonly port: number; readonly isShared: boolean }> {
  let isShared = true;
  try {
    await listen(server, { host, port, reusePort: true });
  } catch (error) {
    if (!NOT_SHAREABLE.includes(codeOf((error as Error).cause))) throw error;
    isShared = false;
    await listen(server, { host, port });
  }
  return { port: (server.address() as AddressInfo).port, isShared };
}

async function listen(
  server: Server,
  address: { readonly host: string; readonly port: number; readonly reusePort?: boolean },
  variables: PortVariables = API_VARIABLES,
): Promise<void> {
  try {
    server.listen({ ...address, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw new StartError(explain(codeOf(error), address, variables), { cause: error });
  }
}

function explain(
  code: string,
  { host, port }: { readonly host: string; readonly port: number },
  variables: PortVariables,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use; set ${variables.port} (0 picks a free one)`;
    case 'EACCES':
      return `may not listen on port ${port}; set ${variables.port} to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine; set ${variables.host}`;
    default:
      return `cannot listen on port ${port} of ${host}: ${code}`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? String(error);
}
