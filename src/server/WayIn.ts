import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import type { Place } from './admission/RequestQueue.ts';
import { isMultipart } from './multipart.ts';
import { OperationCache } from './operations/OperationCache.ts';
import { PersistedOperations } from './operations/PersistedOperations.ts';
import { NONE_REGISTERED, type RegisteredOperations } from './operations/registeredOperations.ts';
import { ShortWay } from './operations/ShortWay.ts';
import type { RequestHead } from './RequestScope.ts';
import { createEngine, type Served, type Yoga } from './yoga.ts';

export interface WayInOptions extends Served {
  /** Operations that may be asked for by their id; none if left out. */
  readonly registered?: RegisteredOperations;
  /** Whether operations that have come before go the short way, as they do if this is left out. */
  readonly isShortWayOpen?: boolean;
}

/** What has been read of a request, and the place that it was admitted to. */
interface Asked {
  readonly parameters: GraphQLParams;
  readonly head: RequestHead;
  readonly place: Place;
}

/** From the parameters of an operation to its answer: the short way where it can be gone, and Yoga's. */
export class WayIn {
  readonly engine: Yoga;
  readonly persisted: PersistedOperations;
  readonly #shortWay: ShortWay | undefined;

  constructor(options: WayInOptions) {
    const { schema, config, registered = NONE_REGISTERED, isShortWayOpen = true } = options;
    const { document } = config.limits;
    const operations = new OperationCache(schema, config.operationCacheBytes, document, registered.texts);
    this.engine = createEngine(options, operations);
    this.persisted = new PersistedOperations(registered, config.operations === 'registered');
    this.#shortWay = isShortWayOpen ? new ShortWay(options, operations) : undefined;
  }

  /** Answers a request that has been read. Of its Accept header there must be left what can be answered. */
  async answer(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
    const { parameters, head } = asked;
    const isShort = request.method === 'POST' && !isMultipart(request);
    const executed = isShort ? await this.#shortWay?.answer(request, response, parameters, head) : undefined;
    if (executed !== 'ANSWERED') await this.engine(request, response, { ...asked, executed });
  }
}
