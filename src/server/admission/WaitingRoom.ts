/** Operations of one connection that may wait to be admitted, or to be told that they are not. */
const MAX_WAITING = 32;

/** What can be told to stop reading for a while: a WebSocket. */
interface Source {
  pause(): void;
  resume(): void;
}

/** Stops reading from a connection whose operations wait, so that a client that sends more meanwhile fills its own buffers. */
export class WaitingRoom {
  readonly #source: Source;
  #waiting = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** What `admission` resolves to; until then it counts as waiting. */
  async during<T>(admission: Promise<T>): Promise<T> {
    this.#waiting += 1;
    if (this.#waiting === MAX_WAITING) this.#source.pause();
    try {
      return await admission;
    } finally {
      if (this.#waiting === MAX_WAITING) this.#source.resume();
      this.#waiting -= 1;
    }
  }
}
