import { Agent, get } from 'node:http';
import { quantile } from '../measure/statistics.ts';

/** A ping every so often on each of several connections, so that every server thread has some. */
const INTERVAL_MS = 50;
const CONNECTIONS = 6;

/**
 * How long a server's event loops keep others waiting, as a client sees it: the milliseconds of requests that need nothing but
 * a turn of the loop.
 */
export class LoopDelay {
  #times: number[] = [];
  #isOver = false;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      this.#ping(new Agent({ keepAlive: true, maxSockets: 1 }));
    }
  }

  /** Of the pings since this was asked last. */
  take(): { readonly p50Ms: number; readonly p99Ms: number } {
    const times = this.#times;
    this.#times = [];
    return { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
  }

  stop(): void {
    this.#isOver = true;
  }

  #ping(agent: Agent): void {
    if (this.#isOver) return agent.destroy();
    const began = performance.now();
    const again = () => setTimeout(() => this.#ping(agent), INTERVAL_MS);
    get(`${this.#url}/health/live`, { agent }, (response) => {
      response.resume().on('end', () => {
        this.#times.push(performance.now() - began);
        again();
      });
    }).on('error', again);
  }
}
