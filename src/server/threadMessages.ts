import type { MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { ServerFacts } from '../graphql/Context.ts';
import type { TelemetrySeat } from '../telemetry/threadMessages.ts';
import type { RegisteredOperations } from './operations/registeredOperations.ts';

/** What a server thread is started with. */
export interface ThreadData {
  readonly config: Config;
  readonly facts: ServerFacts;
  /** Read once, so that a thread which takes the place of another knows the same. */
  readonly registered: RegisteredOperations;
  /** Its channel to the writer thread. */
  readonly writer: MessagePort;
  /** What all threads count the rates of callers in; see RateLimiter. */
  readonly rates: SharedArrayBuffer;
  /** The port to listen on; 0 picks a free one. */
  readonly port: number;
  readonly telemetry: TelemetrySeat;
}

/** What a server thread tells the one that started it, once. */
export type ThreadReport =
  /** It serves. Where the system does not let threads share a port, this one has it alone. */
  | { readonly kind: 'LISTENING'; readonly port: number; readonly isShared: boolean }
  | { readonly kind: 'REFUSED'; readonly message: string };

/** What a server thread is told. */
export interface ThreadOrder {
  readonly kind: 'STOP';
  /** From now on it is not ready, and so long it serves all the same. */
  readonly drainDelayMs: number;
  /** For requests that are under way. */
  readonly limitMs: number;
}
