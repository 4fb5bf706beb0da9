import type { Server } from 'node:http';

/** How often a stopping server looks for connections that have become idle. */
const IDLE_CHECK_MS = 50;

/** Stops accepting, lets requests finish for up to `limitMs`, then ends what is left. */
export async function closeServer(server: Server, limitMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
