import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
} from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { ANYONE, type Principal } from '../../src/access/Principal.ts';
import { useSharedEvents } from '../../src/server/sharedEvents.ts';
import { Subscription } from '../../src/writer/Subscription.ts';

interface Event {
  readonly number: number;
}

/** How often the number of an event was asked for. */
let asked: number;
let followers: Set<Subscription<Event>>;

const EventType = new GraphQLObjectType<Event>({
  name: 'Event',
  fields: {
    number: {
      type: GraphQLInt,
      args: { plus: { type: GraphQLInt, defaultValue: 0 } },
      resolve: async ({ number }, { plus }) => {
        asked += 1;
        if (number < 0) throw new Error(`refused ${asked}`);
        return number + plus;
      },
    },
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      events: {
        type: EventType,
        subscribe: () => {
          const follower: Subscription<Event> = new Subscription<Event>({
            outdatedBy: () => -1,
            limit: 10,
            onOverflow: () => new Error('overflow'),
            onEnd: () => followers.delete(follower),
          });
          followers.add(follower);
          return follower;
        },
        resolve: (event) => event,
      },
    },
  }),
});
const ONE = parse('subscription ($plus: Int) { events { number(plus: $plus) } }');

type Results = AsyncGenerator<ExecutionResult>;

/** Subscribes as Yoga does, with the plugin in between. */
async function subscribe(
  document = ONE,
  variableValues: Record<string, unknown> = {},
  principal: Principal = ANYONE,
): Promise<Results> {
  const args: ExecutionArgs = { schema, document, variableValues, contextValue: { head: { principal } } };
  let begin: ((args: ExecutionArgs) => unknown) | undefined;
  const setSubscribeFn = (set: typeof begin) => {
    begin = set;
  };
  await useSharedEvents.onSubscribe?.({ args, setSubscribeFn, subscribeFn: () => undefined } as never);
  return (await begin?.(args)) as Results;
}

function publish(number: number): void {
  const event = { number };
  for (const follower of [...followers]) follower.push(event);
}

const next = async (results: Results) => (await results.next()).value as ExecutionResult;

describe('an event that many follow', () => {
  beforeEach(() => {
    asked = 0;
    followers = new Set();
  });

  it('is executed once for all who ask for the same of it, also for those who read it later', async () => {
    const crowd = await Promise.all(Array.from({ length: 50 }, () => subscribe()));
    publish(1);
    publish(2);
    for (const number of [1, 2])
      for (const results of crowd) expect(await next(results)).toEqual({ data: { events: { number } } });
    expect(asked).toBe(2);
  });

  it('is executed for each who asks for something else, by other words, variables or another key', async () => {
    const other: Principal = { ...ANYONE, keyId: 'key_2' };
    const various = [
      await subscribe(),
      await subscribe(parse('subscription { events { same: number } }')),
      await subscribe(ONE, { plus: 10 }),
      await subscribe(ONE, {}, other),
    ];
    publish(1);
    const answers = await Promise.all(various.map(next));
    expect(answers.map(({ data }) => data?.events)).toEqual([
      { number: 1 },
      { same: 1 },
      { number: 11 },
      { number: 1 },
    ]);
    expect(asked).toBe(4);
  });

  it('fails for each by itself, so that nobody is told of what befell another', async () => {
    const crowd = [await subscribe(), await subscribe()];
    publish(-1);
    const errors = (await Promise.all(crowd.map(next))).map(({ errors }) => errors?.[0]?.message);
    expect(new Set(errors)).toEqual(new Set(['refused 1', 'refused 2']));
  });

  it('is not waited for by whoever goes: what it follows ends with it, also while it waits', async () => {
    const [results, other] = [await subscribe(), await subscribe()];
    const waiting = results.next();
    await results.return(undefined);
    expect((await waiting).done).toBe(true);
    expect(followers.size).toBe(1);
    publish(7);
    expect(await next(other)).toEqual({ data: { events: { number: 7 } } });
  });
});
