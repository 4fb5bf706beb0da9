import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('threadsProcess.ts', import.meta.url));

/** A server with several threads in a process of its own, and the means to end them. */
export class ThreadedServer {
  readonly url: string;
  readonly metricsUrl: string;
  readonly log: string[] = [];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, metricsPort: number) {
    this.#child = child;
    this.url = url;
    this.metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    child.stderr?.on('data', (chunk) => this.log.push(String(chunk)));
  }

  static async start(dataPath: string, threads = 2): Promise<ThreadedServer> {
    const child = fork(ENTRY, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: {
        ...process.env,
        ALCOVE_DATA: dataPath,
        ALCOVE_PORT: '0',
        ALCOVE_METRICS_PORT: '0',
        ALCOVE_THREADS: String(threads),
        ALCOVE_LOG: 'info',
      },
    });
    const [{ url, metricsPort }] = (await once(child, 'message')) as [{ url: string; metricsPort: number }];
    return new ThreadedServer(child, url, metricsPort);
  }

  /** Ends the thread that has served longest, in the middle of whatever it does. */
  terminateOne(): void {
    this.#child.send('terminate');
  }

  /** The next thread dies before it serves. */
  makeNextSterile(): void {
    this.#child.send('sterile');
  }

  /** Server threads that listen. */
  async serving(): Promise<number> {
    const answered = once(this.#child, 'message');
    this.#child.send('count');
    const [{ serving }] = (await answered) as [{ serving: number }];
    return serving;
  }

  isAlive(): boolean {
    return this.#child.exitCode === null;
  }

  async stop(): Promise<void> {
    if (!this.isAlive()) return;
    const exited = once(this.#child, 'exit');
    this.#child.send('stop');
    await exited;
  }
}

/** One connection that is kept: all its requests go to one server thread, as long as that lives. */
export class Connection {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string) {
    this.#url = `${url}/graphql`;
  }

  /** What a GraphQL operation answers. @throws Error when the connection breaks */
  ask(query: string, variables: object = {}): Promise<{ readonly data: Record<string, unknown> }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly data: Record<string, unknown> }>();
    const headers = { 'content-type': 'application/json' };
    const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve(JSON.parse(String(Buffer.concat(parts)))));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ query, variables }));
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
