import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  mapSourceToResponseEvent,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestHead } from './RequestScope.ts';

/** What an event was answered with to those who asked for the same of it, by what they asked. */
type Answers = Map<string, Promise<ExecutionResult>>;

/** By the event, as long as anybody waits for it. */
const answersTo = new WeakMap<object, Answers>();

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** Documents are the same object for the same text, and principals for the same key. */
function numberOf(object: DocumentNode | RequestHead['principal']): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(object, lastNumber);
  return lastNumber;
}

/** Whoever has the same key asks for the same of an event, and may have the same. */
function keyOf(args: ExecutionArgs): string {
  const { head } = args.contextValue as { readonly head: RequestHead };
  return JSON.stringify([
    numberOf(args.document),
    numberOf(head.principal),
    args.operationName ?? '',
    args.variableValues ?? {},
  ]);
}

/** Executes once what many subscribers ask for of one event. What fails for one, or is broken off, is each one's own. */
async function answerTo(
  event: unknown,
  key: string,
  args: ValidatedSubscriptionArgs,
): Promise<ExecutionResult> {
  if (typeof event !== 'object' || event === null) return executeSubscriptionEvent(args);
  const answers: Answers = answersTo.get(event) ?? new Map();
  answersTo.set(event, answers);
  const known = answers.get(key);
  if (known !== undefined) {
    const result = await known.catch(() => undefined);
    return result === undefined || result.errors !== undefined ? executeSubscriptionEvent(args) : result;
  }
  const answer = Promise.resolve(executeSubscriptionEvent(args));
  answers.set(key, answer);
  return answer;
}

/**
 * A subscription to events that are the same object for all who follow them: a thousand subscribers who ask for the same of an
 * event cost one execution, and a message each.
 */
export const useSharedEvents: Plugin = {
  onSubscribe({ setSubscribeFn, subscribeFn }) {
    setSubscribeFn(async (args: ExecutionArgs) => {
      const validated = validateSubscriptionArgs(args);
      if (!('schema' in validated)) return subscribeFn(args);
      const source = await createSourceEventStream(validated);
      if (!(Symbol.asyncIterator in source)) return source;
      const key = keyOf(args);
      return mapSourceToResponseEvent(validated, source, (event) => answerTo(event.rootValue, key, event));
    });
  },
};
