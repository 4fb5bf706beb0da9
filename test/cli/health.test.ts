import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alcove, type ServerProcess, serve } from './alcove.ts';

describe('alcove health', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await serve();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('says that a server can serve, found as the server itself is told where to listen', async () => {
    const { port } = new URL(server.url);
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const { status, out } = await alcove(['health'], { ALCOVE_PORT: port, ALCOVE_HOST: host });
      expect(JSON.parse(out)).toMatchObject({ status: 'ready' });
      expect(status).toBe(0);
    }
    expect((await alcove(['health', '--port', port])).status).toBe(0);
    expect((await alcove(['health', `${server.url}/health/live`])).out).toContain('live');
  });

  it('fails with the reason of one that cannot, and of one that does not answer', async () => {
    const refusing = createServer((_, response) => response.writeHead(503).end('{"reason":"stopping"}'));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const refused = await alcove(['health', address]);
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.error).toContain('status 503: {"reason":"stopping"}');
    await new Promise((resolve) => refusing.close(resolve));

    const silent = await alcove(['health', address]);
    expect(silent.status).toBe(1);
    expect(silent.error).toContain('does not answer');
  });
});
