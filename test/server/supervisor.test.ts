import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { startServer } from '../../src/server/supervisor.ts';

const SUPERVISOR = new URL('../../src/server/supervisor.ts', import.meta.url).href;
const CONFIG = new URL('../../src/config.ts', import.meta.url).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-supervisor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const configuration = (overrides: Record<string, string> = {}) =>
  parseConfig({
    ALCOVE_PORT: '0',
    ALCOVE_DATA: join(folder, 'data'),
    ALCOVE_THREADS: '2',
    ALCOVE_LOG: 'silent',
    ...overrides,
  });

describe('a server', () => {
  it('serves on one port by several threads, which see each other’s writes', async () => {
    const server = await startServer(configuration());
    const names = Array.from({ length: 12 }, (_, index) => `library-${index}`);
    for (const name of names) {
      // A connection of its own each, so that the system deals them out to the threads.
      const send = (query: string) =>
        fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', connection: 'close' },
          body: JSON.stringify({ query }),
        }).then((response) => response.json());
      await send(`mutation { createLibrary(input: { name: "${name}" }) { __typename } }`);
      expect(await send(`{ library(by: { name: "${name}" }) { name } }`)).toEqual({
        data: { library: { name } },
      });
    }
    await server.close();
  });

  it('closes once, however often it is asked to, and its data are there when it starts again', async () => {
    const first = await startServer(configuration());
    orThrow(await createClient({ url: first.url }).createLibrary({ name: 'kept' }));
    await Promise.all([first.close(), first.close()]);
    await expect(fetch(first.url)).rejects.toThrow();
    const second = await startServer(configuration());
    expect((await createClient({ url: second.url }).library({ name: 'kept' }))?.name).toBe('kept');
    await second.close();
  });

  it('says in one line that its port is in use, and leaves the data folder alone', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(startServer(configuration({ ALCOVE_PORT: String(port) }))).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use; set ALCOVE_PORT (0 picks a free one)`,
    );
    taken.close();
  });

  it('does not share the port of another server', async () => {
    const first = await startServer(configuration());
    const rival = configuration({ ALCOVE_PORT: String(first.port), ALCOVE_DATA: join(folder, 'other') });
    await expect(startServer(rival)).rejects.toThrow(/is in use; set ALCOVE_PORT/);
    await first.close();
  });

  it('does not share the data folder of another server, and lets it go when it closes', async () => {
    const first = await startServer(configuration());
    await expect(startServer(configuration())).rejects.toThrow(/another server is using the data folder/);
    await first.close();
    await (await startServer(configuration())).close();
  });

  it('says in one line that its host is not this machine', async () => {
    const elsewhere = configuration({ ALCOVE_HOST: '192.0.2.1', ALCOVE_PORT: '4399' });
    await expect(startServer(elsewhere)).rejects.toThrow(
      '192.0.2.1 is not an address of this machine; set ALCOVE_HOST',
    );
  });

  it('tells its subscribers that it goes, and they resume when it is back', async () => {
    const first = await startServer(configuration());
    const alcove = createClient({ url: first.url });
    orThrow(await alcove.createLibrary({ name: 'followed' }));
    const events = alcove.libraryEvents({ name: 'followed' });
    expect((await events.next()).value?.__typename).toBe('LibrarySnapshot');
    await first.close();
    const second = await startServer(configuration({ ALCOVE_PORT: String(first.port) }));
    const next = events.next();
    await expect.poll(() => createClient({ url: second.url }).server()).toBeDefined();
    expect((await next).value?.libraryId).toMatch(/^lib_/);
    await alcove.close();
    await second.close();
  });
});

describe('a server in a process of its own', () => {
  const start = async (overrides: Record<string, string> = {}) => {
    const program = `
      import workers from 'node:worker_threads';
      import { syncBuiltinESMExports } from 'node:module';
      const started = [];
      workers.Worker = class extends workers.Worker {
        constructor(entry, options) {
          super(entry, options);
          if (String(entry).endsWith('/server/thread.ts')) started.push(this);
        }
      };
      syncBuiltinESMExports();
      process.on('SIGUSR2', () => started[0].terminate());
      const { startServer } = await import('${SUPERVISOR}');
      const { parseConfig } = await import('${CONFIG}');
      const server = await startServer(parseConfig(process.env));
      console.log(server.url);
      process.once('SIGTERM', () => server.close());`;
    const file = join(folder, 'serve.ts');
    writeFileSync(file, program);
    const child = spawn(process.execPath, [file], {
      env: {
        ...process.env,
        ALCOVE_PORT: '0',
        ALCOVE_DATA: join(folder, 'data'),
        ALCOVE_THREADS: '2',
        ALCOVE_LOG: 'info',
        ...overrides,
      },
    });
    const log: string[] = [];
    child.stderr.on('data', (chunk) => log.push(String(chunk)));
    const [url] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])]);
    return { child, url: String(url).trim(), log };
  };
  const exit = async (child: ChildProcess, signal: NodeJS.Signals) => {
    const exited = once(child, 'exit');
    child.kill(signal);
    return (await exited)[0];
  };

  it('ends by itself with status 0 when it is closed: nothing is left running', async () => {
    const { child, url } = await start();
    orThrow(await createClient({ url }).createLibrary({ name: 'kept' }));
    expect(await exit(child, 'SIGTERM')).toBe(0);
  });

  it('replaces a server thread that died, and says so', async () => {
    const { child, url, log } = await start({ ALCOVE_THREADS: '1' });
    child.kill('SIGUSR2');
    await expect.poll(() => log.join('')).toContain('server thread ended; starting another');
    await expect
      .poll(
        () =>
          createClient({ url })
            .server()
            .catch(() => undefined),
        { timeout: 10_000 },
      )
      .toBeDefined();
    expect(await exit(child, 'SIGTERM')).toBe(0);
  });

  it('starts again at once after it was killed', async () => {
    const { child, url } = await start();
    orThrow(await createClient({ url }).createLibrary({ name: 'kept' }));
    await exit(child, 'SIGKILL');
    const again = await start();
    expect((await createClient({ url: again.url }).library({ name: 'kept' }))?.name).toBe('kept');
    expect(await exit(again.child, 'SIGTERM')).toBe(0);
  });
});
