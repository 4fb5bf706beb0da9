import type { MessagePort } from 'node:worker_threads';
import { EventLoop } from './EventLoop.ts';
import { type Measurements, measurements } from './Measurements.ts';
import { requestRate } from './OperationRecord.ts';
import { startTracing, stopTracing } from './spans.ts';
import type { ServerLoad, TelemetryMessage, TelemetrySeat, ThreadReading } from './threadMessages.ts';

/** What a thread tells the main thread of itself, over a port of `ThreadHub.connect`, and asks it of the others. */
export class ThreadTelemetry {
  readonly #port: MessagePort;
  readonly #eventLoop = new EventLoop();
  readonly #asked = new Map<number, (load: ServerLoad) => void>();
  readonly #measurements: Measurements;
  readonly #forget: () => void;
  #lastId = 0;

  private constructor({ port, name }: TelemetrySeat, own: Measurements) {
    this.#port = port;
    this.#measurements = own;
    this.#forget = own.onSnapshot((set) => {
      const { median, p99, max } = this.#eventLoop.delay;
      set('alcove_event_loop_delay_seconds', [name, '0.5'], median);
      set('alcove_event_loop_delay_seconds', [name, '0.99'], p99);
      set('alcove_event_loop_delay_seconds', [name, '1'], max);
      set('alcove_event_loop_busy_seconds_total', [name], this.#eventLoop.busySeconds);
      set('alcove_heap_bytes', [name], process.memoryUsage().heapUsed);
    });
    port.on('message', (message: TelemetryMessage) => this.#receive(message));
    port.unref();
  }

  /** Begins to answer, and to trace where that is asked for; `onTrouble` is told when traces cannot be sent. */
  static async start(
    seat: TelemetrySeat,
    onTrouble: (message: string) => void,
    own: Measurements = measurements,
  ): Promise<ThreadTelemetry> {
    const telemetry = new ThreadTelemetry(seat, own);
    await startTracing(seat.tracing, seat.name, onTrouble);
    return telemetry;
  }

  /** The whole server at a glance. */
  load(): Promise<ServerLoad> {
    this.#lastId += 1;
    const { promise, resolve } = Promise.withResolvers<ServerLoad>();
    this.#asked.set(this.#lastId, resolve);
    this.#port.postMessage({ kind: 'ASK_LOAD', id: this.#lastId } satisfies TelemetryMessage);
    return promise;
  }

  /** Sends what is left of traces. */
  async close(): Promise<void> {
    this.#forget();
    this.#eventLoop.close();
    this.#port.close();
    await stopTracing();
  }

  #receive(message: TelemetryMessage): void {
    if (message.kind === 'READ') {
      const answer: TelemetryMessage = { kind: 'READING', id: message.id, reading: this.#read() };
      this.#port.postMessage(answer);
    } else if (message.kind === 'LOAD') {
      this.#asked.get(message.id)?.(message.load);
      this.#asked.delete(message.id);
    }
  }

  #read(): ThreadReading {
    return {
      metrics: this.#measurements.snapshot(),
      requestsPerSecond: requestRate.perSecond,
      eventLoopDelayMs: this.#eventLoop.delay.p99 * 1_000,
      busy: this.#eventLoop.busyShare,
      heapBytes: process.memoryUsage().heapUsed,
    };
  }
}
