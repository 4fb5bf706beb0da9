import type { Principal } from '../access/Principal.ts';

/** What one operation runs in, however it came. */
export interface RequestScope {
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly principal: Principal;
  /** Names the request in logs and traces. */
  readonly requestId: string;
}

/** What is known of a request before anything of it is read. */
export type RequestHead = Omit<RequestScope, 'signal'>;
