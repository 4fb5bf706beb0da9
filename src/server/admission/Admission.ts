import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Config } from '../../config.ts';
import { AlcoveError } from '../../errors.ts';
import type { RequestHead } from '../RequestScope.ts';
import { RateLimiter } from './RateLimiter.ts';
import { RefusalPace } from './RefusalPace.ts';
import { type Place, type QueueFigures, RequestQueue } from './RequestQueue.ts';

/** Groups of an IPv6 address that name a network; whoever has one has all addresses in it. */
const NETWORK_GROUPS = 4;

/** What is counted, for whoever watches. */
export interface AdmissionFigures extends QueueFigures {
  /** Refused since the start for their callers' rate; not among `refused`. */
  readonly rateLimited: number;
  /** Refused, and not yet told so. */
  readonly held: number;
}

/** What a request has to pass before anything of it is read: its caller's rate, then the thread's queue. */
export class Admission {
  readonly #rates: RateLimiter | undefined;
  readonly #rate: Config['rate'];
  readonly #queue: RequestQueue;
  readonly #pace = new RefusalPace();
  #rateLimited = 0;

  /** @param rates what the limiters of all threads count in, of RateLimiter.memory */
  constructor({ rate, queue }: Pick<Config, 'rate' | 'queue'>, rates = RateLimiter.memory()) {
    this.#rate = rate;
    this.#rates = rate.perSecond > 0 ? new RateLimiter(rates, rate) : undefined;
    this.#queue = new RequestQueue(queue);
  }

  get figures(): AdmissionFigures {
    return { ...this.#queue.figures, rateLimited: this.#rateLimited, held: this.#pace.held };
  }

  /**
   * Resolves when the request's turn has come; its place must be released.
   * @param address the client's, for callers without a key
   * @throws AlcoveError RateLimitedError, OverloadedError, at once, or, where many are refused, when it is this one's turn;
   * CancelledError where it is not wanted any more.
   */
  async admit(
    { principal }: Pick<RequestHead, 'principal'>,
    address: string | undefined,
    isWanted: () => boolean = () => true,
  ): Promise<Place> {
    try {
      const retryAfterMs = this.#rates?.take(principal.keyId ?? networkOf(address)) ?? 0;
      if (retryAfterMs > 0) throw this.#tooMany(retryAfterMs, principal.keyId !== null);
      return await this.#queue.enter(isWanted);
    } catch (error) {
      await this.#pace.turn(isWanted);
      throw error;
    }
  }

  /**
   * Counts somebody whose key was refused as a request of their address, so that keys are tried no faster than requests are made.
   * @throws AlcoveError RateLimitedError
   */
  countRefused(address: string | undefined): void {
    const retryAfterMs = this.#rates?.take(networkOf(address)) ?? 0;
    if (retryAfterMs > 0) throw this.#tooMany(retryAfterMs, false);
  }

  /** {@link admit} for a request over HTTP, whose place is released when it has been answered at the latest. */
  async admitRequest(request: IncomingMessage, response: ServerResponse, head: RequestHead): Promise<Place> {
    const place = await this.admit(head, request.socket.remoteAddress, () => !response.destroyed);
    response.once('close', place.release);
    return place;
  }

  #tooMany(retryAfterMs: number, hasKey: boolean): AlcoveError {
    this.#rateLimited += 1;
    const { perSecond, burst } = this.#rate;
    const expected = `at most ${perSecond} a second, up to ${burst} at once`;
    return new AlcoveError(
      'RateLimitedError',
      `Got more requests ${hasKey ? 'with this key' : 'from this address'} than are allowed; expected ${expected}. Try again in ${retryAfterMs} ms.`,
      { detail: { got: 'more', expected, retryAfterMs } },
    );
  }
}

/** What callers without a key are told apart by: the address, or the network of an IPv6 address. */
export function networkOf(address = ''): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail = ''] = (address.split('%', 1)[0] as string).split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail)];
  const network = all.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
