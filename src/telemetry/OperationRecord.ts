import { measurements } from './Measurements.ts';
import { RateMeter } from './RateMeter.ts';

/** Operations that this thread has ended, lately. */
export const requestRate = new RateMeter();

export type OperationKind = 'query' | 'mutation' | 'subscription';

/**
 * OK: answered whole. ERRORS: with errors of GraphQL beside the data. REFUSED: not begun, for what the caller did or for want of room.
 * FAILED: a fault of ours. CANCELLED: the caller went away first.
 */
export type OperationOutcome = 'ok' | 'errors' | 'refused' | 'failed' | 'cancelled';

/** Of what never came to be an operation. */
const UNREAD = '(unread)';

/** Whoever watches for failures must have seen that there were none: a count that begins at 1 has not risen. */
const operationsSeen = new Set<string>();

let inProgress = 0;
let subscriptions = 0;

measurements.onSnapshot((set) => {
  set('alcove_requests_in_progress', [], inProgress);
  set('alcove_subscriptions', [], subscriptions);
});

/** What a finished operation was, for the log. */
export interface EndedOperation {
  readonly operation: string;
  readonly kind: OperationKind | undefined;
  readonly outcome: OperationOutcome;
  readonly ms: number;
  readonly notes: Readonly<Record<string, unknown>>;
  /** What its searches took, each by phases. */
  readonly searches: readonly (readonly TimedPhase[])[];
}

export interface TimedPhase {
  readonly name: string;
  readonly ms: number;
}

/**
 * What is noted of one operation, however it came, and measured once when it ends. Whoever executes it says what it is
 * ({@link begins}) and with what errors it was answered ({@link errors}).
 */
export class OperationRecord {
  readonly #startedAt = performance.now();
  #operation = UNREAD;
  #kind: OperationKind | undefined;
  #outcome: OperationOutcome = 'ok';
  #hasEnded = false;
  readonly #notes: Record<string, unknown> = {};
  readonly #searches: (readonly TimedPhase[])[] = [];

  constructor() {
    inProgress += 1;
  }

  /** `operation` is of a closed set: the name of a registered operation, or what `operationLabel` makes of any other. */
  begins(operation: string, kind: OperationKind): void {
    this.#operation = operation;
    if (this.#kind === undefined && kind === 'subscription' && !this.#hasEnded) {
      inProgress -= 1;
      subscriptions += 1;
    }
    this.#kind = kind;
  }

  get operation(): string {
    return this.#operation;
  }

  get kind(): OperationKind | undefined {
    return this.#kind;
  }

  /** It is answered with errors of GraphQL; `isOurFault`: one of them says that it failed. */
  errors(isOurFault: boolean): void {
    if (this.#outcome !== 'failed') this.#outcome = isOurFault ? 'failed' : 'errors';
  }

  /** What the log says besides where it logs the operation: names, ids and numbers. */
  note(name: string, value: unknown): void {
    this.#notes[name] = value;
  }

  /** A search was a part of it. */
  searched(phases: readonly TimedPhase[]): void {
    this.#searches.push(phases);
  }

  /** It has ended; `outcome`, if what happened to it on its way says more than its errors. Undefined: it had ended before. */
  end(outcome?: OperationOutcome): EndedOperation | undefined {
    if (this.#hasEnded) return undefined;
    this.#hasEnded = true;
    const kind = this.#kind;
    const isStream = kind === 'subscription';
    if (isStream) subscriptions -= 1;
    else inProgress -= 1;
    const ended = this.#outcome === 'failed' ? 'failed' : (outcome ?? this.#outcome);
    const ms = performance.now() - this.#startedAt;
    requestRate.mark();
    if (!operationsSeen.has(this.#operation)) {
      operationsSeen.add(this.#operation);
      measurements.count('alcove_requests_total', [this.#operation, kind ?? UNREAD, 'failed'], 0);
    }
    measurements.count('alcove_requests_total', [this.#operation, kind ?? UNREAD, ended]);
    if (!isStream) measurements.observe('alcove_request_duration_seconds', [this.#operation], ms / 1_000);
    return {
      operation: this.#operation,
      kind,
      outcome: ended,
      ms,
      notes: this.#notes,
      searches: this.#searches,
    };
  }

  /** It turned out to be no operation at all: a page, a health check. */
  discard(): void {
    if (!this.#hasEnded) inProgress -= 1;
    this.#hasEnded = true;
  }
}
