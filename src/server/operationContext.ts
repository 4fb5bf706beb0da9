import { RequestDeadline } from './admission/RequestDeadline.ts';
import type { RequestHead } from './RequestScope.ts';
import type { Served } from './yoga.ts';

/** What an operation's context has besides what its resolvers are made for. */
export interface Timed {
  readonly deadline: RequestDeadline;
}

/** The context of one operation, whose signal aborts when the client goes away, or when the server has worked on it as long as it does. */
export function operationContext(
  { config, contextFor }: Pick<Served, 'config' | 'contextFor'>,
  head: RequestHead,
  client: AbortSignal,
): Timed {
  const deadline = new RequestDeadline(config.requestTimeoutMs, client);
  return Object.assign(contextFor({ ...head, signal: deadline.signal }), { deadline });
}
