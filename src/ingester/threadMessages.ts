import type { MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { TelemetrySeat } from '../telemetry/threadMessages.ts';

/** What the ingester's thread is started with. */
export interface IngesterData {
  readonly config: Config;
  /** Its channel to the writer thread. */
  readonly writer: MessagePort;
  readonly telemetry: TelemetrySeat;
}

/** What it tells the thread that started it. */
export interface IngesterReport {
  /** Something went wrong that it can live with. */
  readonly kind: 'TROUBLE';
  readonly message: string;
}

/** What it is told. */
export interface IngesterOrder {
  readonly kind: 'STOP';
}
