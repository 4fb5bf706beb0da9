import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeVector } from '../../src/client/index.ts';
import { median } from '../measure/statistics.ts';

const QUERY = `query KnnSearch($input: KnnSearchInput!) {
  knnSearch(input: $input) {
    __typename
    ... on KnnConnection { edges { similarity distance node { id text } } tookMs }
    ... on Error { code message path }
  }
}`;

/**
 * What the way in costs: one thread answers a nearest-neighbour search of ten hits with text, the search itself being
 * stubbed, beside a raw `http` server that parses the same JSON and answers the same bytes, and a plain Yoga with the same
 * schema and resolvers. Contenders take turns, each in a process of its own.
 *
 *     npm run bench -- way-in [--rounds 9] [--requests 4000] [--connections 16] [--dim 768] [--vector base64|list]
 *
 * `µs of CPU` is what the server's process took for one request, the kernel's part included: unlike requests a second
 * it hardly changes when others use the machine.
 */
export async function measureWayIn(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '9' },
      requests: { type: 'string', default: '4000' },
      connections: { type: 'string', default: '16' },
      dim: { type: 'string', default: '768' },
      vector: { type: 'string', default: 'base64' },
    },
  });
  const [rounds, requests, connections, dimension] = [
    values.rounds,
    values.requests,
    values.connections,
    values.dim,
  ].map(Number) as [number, number, number, number];
  const numbers = Float32Array.from({ length: dimension }, (_, at) => Math.sin(at * 12.9898) / 3);
  const vector = values.vector === 'list' ? [...numbers] : encodeVector(numbers);
  const body = JSON.stringify({
    query: QUERY,
    variables: { input: { library: { name: 'bench' }, query: { vector }, k: 10 } },
  });
  const load = { requests, connections };
  const alcove = await Contender.start('alcove', {});
  const bytes = await alcove.answer(body);
  const contenders = new Map([
    ['raw http', { of: await Contender.start('raw', { WAY_IN_ANSWER: bytes }), head: '' }],
    ['Alcove', { of: alcove, head: '' }],
    ["Alcove, Yoga's way", { of: await Contender.start('alcove-yoga', {}), head: '' }],
    ['plain Yoga', { of: await Contender.start('yoga', {}), head: '' }],
  ]);
  const seconds = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  const cpu = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, { of, head }] of contenders) {
      const before = await of.cpuMicros();
      const began = performance.now();
      await of.load(body, head, load);
      const took = (performance.now() - began) / 1_000;
      const spent = (await of.cpuMicros()) - before;
      if (round === 0) continue;
      seconds.get(name)?.push(took / requests);
      cpu.get(name)?.push(spent / requests);
    }
  }
  for (const { of } of contenders.values()) of.stop();
  const raw = median(cpu.get('raw http') ?? []);
  const rawSeconds = median(seconds.get('raw http') ?? []);
  console.log(
    `${values.vector} of ${dimension}, answer of ${bytes.length} bytes, medians of ${rounds} rounds`,
  );
  console.table(
    Object.fromEntries(
      [...contenders.keys()].map((name) => {
        const each = median(seconds.get(name) ?? []);
        const micros = median(cpu.get(name) ?? []);
        return [
          name,
          {
            'requests/s': Math.round(1 / each),
            'to raw': Number((rawSeconds / each).toFixed(2)),
            'µs of CPU': Number(micros.toFixed(1)),
            'to raw, by CPU': Number((raw / micros).toFixed(2)),
          },
        ];
      }),
    ),
  );
}

/** A server in a process of its own. */
class Contender {
  readonly #process: ChildProcess;
  readonly #port: number;

  static async start(kind: string, environment: Record<string, string>): Promise<Contender> {
    const child = fork(join(import.meta.dirname, 'wayInServer.ts'), [kind], {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      execArgv: (process.env.WAY_IN_NODE_FLAGS ?? '').split(' ').filter((flag) => flag !== ''),
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new Contender(child, port);
  }

  constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.#port = port;
  }

  stop(): void {
    this.#process.send('stop');
  }

  /** Of the whole process so far, user and system. */
  async cpuMicros(): Promise<number> {
    this.#process.send('usage');
    const [{ usage }] = (await once(this.#process, 'message')) as [{ usage: NodeJS.CpuUsage }];
    return usage.user + usage.system;
  }

  async answer(body: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
    });
    const text = await response.text();
    if (response.status !== 200 || text.includes('"errors"'))
      throw new Error(`got ${response.status}: ${text}`);
    return text;
  }

  /** Sends so many requests over so many connections, each waiting for its answer before it sends the next. */
  async load(
    body: string,
    head: string,
    { requests, connections }: { readonly requests: number; readonly connections: number },
  ): Promise<void> {
    const request = Buffer.from(
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${this.#port}\r\ncontent-type: application/json\r\naccept: application/json\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    let left = requests;
    const lane = async () => {
      const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
      let expected = 0;
      let received = 0;
      const next = () => {
        if (left-- <= 0) return void socket.end();
        expected = 0;
        received = 0;
        socket.write(request);
      };
      socket.once('connect', next);
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (expected === 0) expected = lengthOf(chunk);
        if (received >= expected) next();
      });
      await once(socket, 'close');
    };
    await Promise.all(Array.from({ length: connections }, lane));
  }
}

/** How long an answer is with its head, by its first bytes. */
function lengthOf(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n');
  const head = chunk.toString('latin1', 0, end);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200') || length === undefined) throw new Error(`got ${head}`);
  return end + 4 + Number(length);
}
