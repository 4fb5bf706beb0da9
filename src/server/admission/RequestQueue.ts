import { AlcoveError } from '../../errors.ts';

/** How much one server thread takes on. */
export interface QueueLimits {
  /** Requests that are worked on at once, those that only wait for others (an embedder, a disk) included. */
  readonly maxRunning: number;
  /** Requests that wait for their turn. */
  readonly maxQueued: number;
  /** How long one may wait for its turn, in milliseconds. */
  readonly maxWaitMs: number;
}

/** What a queue counts. */
export interface QueueFigures {
  readonly running: number;
  readonly queued: number;
  /** Since the start. */
  readonly admitted: number;
  /** Since the start. */
  readonly refused: number;
}

/** A request's place among those that are worked on. */
export interface Place {
  /** To be called when the request has ended, or goes on as a stream; again does nothing. */
  release(): void;
}

interface Waiting {
  readonly since: number;
  readonly isWanted: () => boolean;
  readonly begin: (place: Place) => void;
  readonly refuse: (error: AlcoveError) => void;
}

/** In one turn of the event loop as many requests are begun as take about so long. */
const TURN_MS = 4;
const MAX_BEGUN_PER_TURN = 16;
/** How much the last measurement of a request's share of a turn counts. */
const SMOOTHING = 0.2;
/** A pause of the event loop says nothing of what requests take beyond this. */
const MAX_SAMPLE_MS = 100;
/** The first requests of a thread take long, since it is still compiling what serves them: they say nothing of those that come after. */
const WARM_UP_REQUESTS = 100;
const MIN_RETRY_MS = 1_000;

/**
 * The requests of one thread on their way to be worked on. As long as no more come than are answered, each begins at once. When
 * more come, a few are begun in each turn of the event loop and the others wait in order of arrival; one that would find the queue full, or by what
 * requests take at present would wait too long, is refused when it comes. So those that are admitted wait no longer than they may.
 * Refusing takes time, too: that as many are answered as if the others had not come is up to {@link RefusalPace}.
 *
 * The load is thereby measured as the time between turns of the event loop: it counts whatever keeps the thread, or its processor, from
 * requests. Those that only wait for something else do not fill the queue. A turn in which more were refused than begun is not measured,
 * or else refusals would make requests seem slow, and slow requests make refusals.
 */
export class RequestQueue {
  readonly #limits: QueueLimits;
  readonly #clock: () => number;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #admitted = 0;
  #refused = 0;
  /** Begun since the event loop's last turn, and when that was. */
  #begun = 0;
  #refusedInTurn = 0;
  #turnAt = 0;
  #isTurnDue = false;
  #overdue: NodeJS.Timeout | undefined;
  /** What one request takes of the event loop's time, in milliseconds. */
  #shareMs = TURN_MS;

  /** @param clock milliseconds, never going back */
  constructor(limits: QueueLimits, clock: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get figures(): QueueFigures {
    return {
      running: this.#running,
      queued: this.#waiting.length,
      admitted: this.#admitted,
      refused: this.#refused,
    };
  }

  /**
   * Resolves when the request's turn has come.
   * @throws AlcoveError OverloadedError, at once or, where it turns out later that it waits too long, by then; CancelledError where it is
   * not wanted any more when its turn has come.
   */
  enter(isWanted: () => boolean = () => true): Place | Promise<Place> {
    if (this.#waiting.length === 0 && this.#begun === 0 && this.#running < this.#limits.maxRunning)
      return this.#begin();
    if (this.#isFull()) throw this.#overloaded();
    const { promise, resolve, reject } = Promise.withResolvers<Place>();
    this.#waiting.push({ since: this.#clock(), isWanted, begin: resolve, refuse: reject });
    this.#expectTurn();
    return promise;
  }

  #isFull(): boolean {
    const ahead = this.#waiting.length;
    const { maxQueued, maxWaitMs } = this.#limits;
    return ahead >= maxQueued || (this.#isWarm && ahead * this.#shareMs > maxWaitMs);
  }

  get #isWarm(): boolean {
    return this.#admitted >= WARM_UP_REQUESTS;
  }

  #begin(): Place {
    this.#running += 1;
    this.#admitted += 1;
    this.#begun += 1;
    if (this.#begun === 1) this.#turnAt = this.#clock();
    this.#expectTurn();
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#running -= 1;
        if (this.#waiting.length > 0) this.#expectTurn();
      },
    };
  }

  #expectTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isTurnDue = false;
    const now = this.#clock();
    if (this.#begun > 0) {
      const share = Math.min(MAX_SAMPLE_MS, (now - this.#turnAt) / this.#begun);
      const isTelling = this.#isWarm && this.#refusedInTurn <= this.#begun;
      if (isTelling) this.#shareMs += SMOOTHING * (share - this.#shareMs);
    }
    this.#begun = 0;
    this.#refusedInTurn = 0;
    const most = Math.min(MAX_BEGUN_PER_TURN, Math.max(1, Math.floor(TURN_MS / this.#shareMs)));
    const { maxRunning } = this.#limits;
    // While a thread warms up, none is refused for its slowness that can be begun.
    if (this.#isWarm || this.#running > 0) this.#refuseOverdue(now);
    while (this.#waiting.length > 0 && this.#begun < most && this.#running < maxRunning) {
      const next = this.#waiting.shift();
      if (next?.isWanted()) next.begin(this.#begin());
      else next?.refuse(new AlcoveError('CancelledError', 'The client has gone.'));
    }
    if (this.#waiting.length > 0 && this.#running < maxRunning) this.#expectTurn();
    else this.#watchOverdue();
  }

  /** Those that have waited as long as any may, which are the first. */
  #refuseOverdue(now: number): void {
    let overdue = 0;
    for (const { since } of this.#waiting) {
      if (now - since <= this.#limits.maxWaitMs) break;
      overdue += 1;
    }
    for (const { refuse } of this.#waiting.splice(0, overdue)) refuse(this.#overloaded());
  }

  /** Where all places are taken, the queue moves on when one is released; or else when its first has waited too long. */
  #watchOverdue(): void {
    clearTimeout(this.#overdue);
    const [first] = this.#waiting;
    if (first === undefined) return;
    const dueMs = first.since + this.#limits.maxWaitMs - this.#clock();
    this.#overdue = setTimeout(() => this.#expectTurn(), Math.max(0, dueMs) + 1);
  }

  #overloaded(): AlcoveError {
    this.#refused += 1;
    this.#refusedInTurn += 1;
    const { maxQueued, maxWaitMs, maxRunning } = this.#limits;
    const waiting = this.#waiting.length;
    const retryAfterMs = Math.max(MIN_RETRY_MS, Math.ceil(waiting * this.#shareMs));
    return new AlcoveError(
      'OverloadedError',
      `The server has more to do than it can: ${this.#running} requests are running and ${waiting} wait. Try again in ${retryAfterMs} ms, and less often.`,
      {
        detail: {
          got: `${waiting} waiting requests`,
          expected: `at most ${maxQueued} that wait up to ${maxWaitMs} ms, besides ${maxRunning} that run`,
          retryAfterMs,
        },
      },
    );
  }
}
