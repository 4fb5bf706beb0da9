import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

const WAIT_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** What `look` finds, as soon as it finds something; for hooks, where tests would poll. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await delay(LOOK_EVERY_MS)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`nothing after ${WAIT_MS} ms`);
}

/** A whole server, with threads of its own, that tests look into from outside. */
export class ObservedServer {
  readonly server: RunningServer;
  readonly #folder: string;

  private constructor(server: RunningServer, folder: string) {
    this.server = server;
    this.#folder = folder;
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<ObservedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'alcove-telemetry-'));
    const server = await startServer(
      parseConfig({ ALCOVE_PORT: '0', ALCOVE_DATA: folder, ALCOVE_LOG: 'silent', ...environment }),
    );
    return new ObservedServer(server, folder);
  }

  /** Sends an operation over a connection of its own, so that the system deals them out to the threads. */
  async ask(
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly data: Record<string, never>; readonly errors?: unknown; readonly headers: Headers }> {
    const response = await fetch(`${this.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return { ...((await response.json()) as { data: Record<string, never> }), headers: response.headers };
  }

  get metricsUrl(): string {
    return `http://127.0.0.1:${this.server.metricsPort}`;
  }

  /** What Prometheus would read now. */
  async scrape(): Promise<Scrape> {
    return new Scrape(await (await fetch(`${this.metricsUrl}/metrics`)).text());
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const SAMPLE = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)$/;

/** Samples of Prometheus' text format. */
export class Scrape {
  readonly text: string;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];

  constructor(text: string) {
    this.text = text;
    this.samples = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
        if (name === undefined) throw new Error(`no sample: ${line}`);
        const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, held]) => [
          label,
          held,
        ]);
        return { name, labels: Object.fromEntries(pairs), value: Number(value) };
      });
  }

  /** The sum over all samples of this name with these labels; undefined if there are none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted),
    );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }

  labelsOf(name: string, label: string): string[] {
    return [
      ...new Set(
        this.samples.filter((sample) => sample.name === name).map(({ labels }) => labels[label] ?? ''),
      ),
    ];
  }
}
