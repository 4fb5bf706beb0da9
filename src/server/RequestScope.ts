import type { Principal } from '../access/Principal.ts';
import type { OperationRecord } from '../telemetry/OperationRecord.ts';
import type { OpenSpan } from '../telemetry/spans.ts';

/** What one operation runs in, however it came. */
export interface RequestScope {
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly principal: Principal;
  /** Names the request in logs and traces. */
  readonly requestId: string;
  /** What is noted of it for metrics and the log; absent where nobody looks. */
  readonly record?: OperationRecord;
  /** Its trace; absent where nothing is traced. */
  readonly span?: OpenSpan | undefined;
}

/** What is known of a request before anything of it is read. */
export type RequestHead = Omit<RequestScope, 'signal'>;
