import { type Access, OPEN_ACCESS } from '../access/Authenticator.ts';
import type { Principal } from '../access/Principal.ts';
import type { Served } from './yoga.ts';

/** How long what a key has begun outlives it at most. */
export const WATCH_INTERVAL_MS = 1_000;

/** Something that goes on for longer than a request: a stream of events, a connection, an import. */
interface Watched {
  readonly principal: Principal;
  /** Ends it, since its key has ended. */
  readonly end: () => void;
}

/** Ends what was begun with a key that has been revoked, or has expired, since. */
export class KeyWatch {
  readonly #access: Access;
  readonly #watched = new Set<Watched>();
  readonly #logger: Served['logger'];
  #timer: NodeJS.Timeout | undefined;

  constructor({ access = OPEN_ACCESS, logger }: Pick<Served, 'access' | 'logger'>) {
    this.#access = access;
    this.#logger = logger;
  }

  /** Calls `end` once, soon after the key has ended, unless what is answered is called first. */
  watch(principal: Principal, end: () => void): () => void {
    if (principal.keyId === null) return () => {};
    const watched = { principal, end };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#check(), WATCH_INTERVAL_MS).unref();
    return () => {
      this.#watched.delete(watched);
      if (this.#watched.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #check(): void {
    const mayStay = new Map<Principal, boolean>();
    for (const watched of this.#watched) {
      const { principal, end } = watched;
      try {
        if (!mayStay.has(principal)) mayStay.set(principal, this.#access.mayStay(principal));
        if (mayStay.get(principal)) continue;
        this.#watched.delete(watched);
        end();
      } catch (error) {
        this.#logger.error('key watch', { error });
      }
    }
  }
}
