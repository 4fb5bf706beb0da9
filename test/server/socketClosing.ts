import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Connects with these parameters. Resolves to the code that the connection is closed with; `onConnected` is called if it is let in. */
export function socketClosing(
  url: string,
  connectionParams: Record<string, unknown>,
  onConnected: () => void = () => {},
): Promise<number> {
  return new Promise((resolve) => {
    const socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: (error) => resolve((error as { code: number }).code),
    });
    socket.on('connected', onConnected);
    socket.on('closed', (event) => resolve((event as { code: number }).code));
  });
}
