import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a follower is told of a job. */
export interface FollowedEvent {
  readonly cursor: string;
  readonly kind: string;
  readonly at: string;
  readonly job: {
    readonly id: string;
    readonly state: string;
    readonly progress: { readonly phase: string; readonly done: number; readonly total: number };
  };
}

const AGAIN_MS = 500;

const SUBSCRIPTION = `subscription Follow($library: LibraryBy!) {
  indexJobs(library: $library) {
    cursor kind at
    job { id state progress { phase done total etaSeconds recallSoFar } }
  }
}`;

/** One client with a WebSocket of its own that follows the jobs of a library. */
export class Follower {
  readonly events: FollowedEvent[] = [];
  /** Milliseconds from what an event says of its time to its arrival here. */
  readonly delaysMs: number[] = [];
  /** What the server refused the subscription with, or why the connection has ended. */
  failure: Error | undefined;
  #onEnd: (error?: Error) => void = () => {};
  readonly #socket: WebSocket;
  readonly #library: string;

  private constructor(socket: WebSocket, library: string) {
    this.#socket = socket;
    this.#library = library;
    socket.on('message', (data) => this.#receive(String(data)));
    socket.once('close', (code) => this.#fail(new Error(`closed with ${code}`)));
    this.#subscribe();
  }

  /** Connects and subscribes; resolves when the server has acknowledged the connection. */
  static async follow(url: string, library: string): Promise<Follower> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    await once(socket, 'open');
    const acknowledged = once(socket, 'message');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await acknowledged;
    return new Follower(socket, library);
  }

  #subscribe(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const payload = { query: SUBSCRIPTION, variables: { library: { name: this.#library } } };
    this.#socket.send(JSON.stringify({ id: 'follow', type: 'subscribe', payload }));
  }

  /** Resolves when the next job has finished; rejects if the subscription or its connection ends before. */
  nextEnd(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onEnd = (error) => (error ? reject(error) : resolve());
    });
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #fail(error: Error): void {
    this.failure ??= error;
    this.#onEnd(error);
  }

  #receive(text: string): void {
    const message = JSON.parse(text);
    if (message.type === 'ping') return this.#socket.send('{"type":"pong"}');
    if (message.type === 'error' && message.payload[0].extensions.kind === 'OverloadedError') {
      // Many come at once: as the server asks them to, they come again.
      setTimeout(() => this.#subscribe(), AGAIN_MS);
      return;
    }
    if (message.type !== 'next') return this.#fail(new Error(text));
    const event = message.payload.data.indexJobs as FollowedEvent;
    this.events.push(event);
    // A snapshot is of whatever time the job last changed.
    if (event.kind !== 'SNAPSHOT') this.delaysMs.push(Date.now() - Date.parse(event.at));
    if (event.kind === 'FINISHED') this.#onEnd();
  }
}

/** The phases of a job that a follower was told of, in the order of their first mention. */
export function phasesOf({ events }: Pick<Follower, 'events'>, jobId: string): string[] {
  const mentioned = events.filter(({ job }) => job.id === jobId).map(({ job }) => job.progress.phase);
  return [...new Set(mentioned)];
}
