import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchSource, isPublic, type Network } from '../../src/ingester/fetchSource.ts';

/** What a promise rejects with. */
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error,
  );

describe('fetching from a URL', () => {
  let folder: string;
  let server: Server;
  let origin: string;
  const seen: string[] = [];
  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
    '/page.md': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/markdown; charset=utf-8' }).end('# A page');
    },
    '/moved': (_request, response) => response.writeHead(302, { location: '/page.md' }).end(),
    '/circle': (_request, response) => response.writeHead(307, { location: '/circle' }).end(),
    '/inside': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    '/inner': (_request, response) => response.writeHead(302, { location: 'http://inner.test/' }).end(),
    '/file': (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/large': (_request, response) =>
      response.writeHead(200, { 'content-length': 10_000 }).end('x'.repeat(10_000)),
    '/larger': (_request, response) => {
      response.writeHead(200);
      for (let at = 0; at < 10; at++) response.write('x'.repeat(1_000));
      response.end();
    },
    '/silent': () => {},
    '/cut': (_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('part of it');
      setTimeout(() => response.destroy(), 20);
    },
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-fetch-'));
    server = createServer((request, response) => {
      seen.push(request.url ?? '');
      const route = routes[request.url ?? ''];
      if (route) route(request, response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const fetched = (
    url: string,
    options: { mayBePrivate?: boolean; limitMs?: number; network?: Network } = {},
  ) =>
    fetchSource(url, {
      path: join(folder, 'fetched'),
      maxBytes: 5_000,
      mayBePrivate: true,
      signal: new AbortController().signal,
      ...options,
    });

  it.each(['/page.md', '/moved'])('brings the file, its type and its hash, from %s', async (path) => {
    expect(await fetched(origin + path)).toEqual({
      contentType: 'text/markdown; charset=utf-8',
      bytes: 8,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(readFileSync(join(folder, 'fetched'), 'utf8')).toBe('# A page');
  });

  it.each([
    ['that is not there', '/none', 'SourceUnavailableError', /the status 404/],
    ['that leads round in a circle', '/circle', 'SourceUnavailableError', /more than 5 redirects/],
    ['that breaks off', '/cut', 'SourceUnavailableError', /could not be fetched/],
    ['that says to be too large', '/large', 'CapacityExceededError', /more than 5000 bytes/],
    ['that turns out to be too large', '/larger', 'CapacityExceededError', /more than 5000 bytes/],
    ['that leads to a file of the machine', '/file', 'ForbiddenError', /the scheme file:/],
  ])('refuses one %s', async (_what, path, kind, message) => {
    const error = await refusal(fetched(origin + path));
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('does not wait for ever', async () => {
    const error = await refusal(fetched(`${origin}/silent`, { limitMs: 200 }));
    expect(error).toMatchObject({ kind: 'TimeoutError' });
  });

  it.each([
    ['an address of this machine', () => origin],
    ['a name of this machine', () => origin.replace('127.0.0.1', 'localhost')],
    ['an address in hexadecimal', () => origin.replace('127.0.0.1', '0x7f.1')],
    ['an address in another family', () => 'http://[::ffff:127.0.0.1]/'],
    ['an address of the local link', () => 'http://169.254.169.254/latest/meta-data'],
    ['a scheme that is no web', () => 'file:///etc/passwd'],
  ])('reaches no %s unless it may, and connects to nothing', async (_what, url) => {
    seen.length = 0;
    const error = await refusal(fetched(`${url()}/page.md`, { mayBePrivate: false }));
    expect(error).toMatchObject({ kind: 'ForbiddenError', code: 'FORBIDDEN' });
    expect(seen).toEqual([]);
  });

  /**
   * A network in which each name has the addresses given, one after another at each question, and every public address is the
   * server here. `connected` are the addresses that were handed to connections.
   */
  const networkOf = (names: Record<string, string[]>) => {
    const asked: string[] = [];
    const connected: string[] = [];
    const resolveName = ((host: string, _options: unknown, answer: (...given: unknown[]) => void) => {
      const address = names[host]?.[asked.filter((name) => name === host).length];
      asked.push(host);
      answer(null, [{ address, family: 4 }]);
    }) as unknown as Network['resolveName'];
    const createConnection: Network['createConnection'] = (options) => {
      const { lookup } = options;
      const toServer: LookupFunction = (host, wanted, answer) => {
        if (lookup === undefined) return answer(new Error(`nobody looks ${host} up`), []);
        lookup(host, wanted, (error, found) => {
          if (error !== null) return answer(error, []);
          const addresses = Array.isArray(found) ? found : [{ address: found, family: 4 }];
          connected.push(...addresses.map(({ address }) => address));
          answer(
            null,
            addresses.map(() => ({ address: '127.0.0.1', family: 4 })),
          );
        });
      };
      return connect({ host: String(options.host), port: Number(options.port), lookup: toServer });
    };
    return { asked, connected, network: { resolveName, createConnection } };
  };
  const named = (name: string, path: string) => origin.replace('127.0.0.1', name) + path;

  it('connects to the very address that was checked, whatever the name means a moment later', async () => {
    const { asked, connected, network } = networkOf({ 'rebound.test': ['93.184.216.34', '127.0.0.1'] });
    const source = await fetched(named('rebound.test', '/page.md'), { mayBePrivate: false, network });
    expect(source.bytes).toBe(8);
    expect({ asked, connected }).toEqual({ asked: ['rebound.test'], connected: ['93.184.216.34'] });
  });

  it('checks the name anew at a redirect, which leads nowhere when it means a private address by then', async () => {
    const { connected, network } = networkOf({ 'rebound.test': ['93.184.216.34', '10.0.0.1'] });
    seen.length = 0;
    const error = await refusal(fetched(named('rebound.test', '/moved'), { mayBePrivate: false, network }));
    expect(error).toMatchObject({
      kind: 'ForbiddenError',
      detail: { got: 'a name of the address 10.0.0.1' },
    });
    expect({ connected, seen }).toEqual({ connected: ['93.184.216.34'], seen: ['/moved'] });
  });

  it.each([
    ['an address', '/inside', 'the address 169.254.169.254'],
    ['a name', '/inner', 'a name of the address 192.168.1.1'],
  ])('follows no redirect of a public address to %s that is private', async (_what, path, got) => {
    const { connected, network } = networkOf({
      'public.test': ['93.184.216.34'],
      'inner.test': ['192.168.1.1'],
    });
    const error = await refusal(fetched(named('public.test', path), { mayBePrivate: false, network }));
    expect(error).toMatchObject({ kind: 'ForbiddenError', detail: { got } });
    expect(connected).toEqual(['93.184.216.34']);
  });

  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1'],
    ...['::', '::1', '::7f00:1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fec0::1', 'ff02::1', '2002:7f00:1::'],
    ...['::ffff:10.0.0.1', '64:ff9b::7f00:1', '2001:db8::1', '100::1'],
  ])('%s is not public', (address) => expect(isPublic(address)).toBe(false));

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) =>
    expect(isPublic(address)).toBe(true),
  );
});
