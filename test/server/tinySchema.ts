import { once } from 'node:events';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { AlcoveError } from '../../src/errors.ts';

/** A schema with one of everything that the HTTP layer has to carry. */
export function tinySchema(): GraphQLSchema {
  const schema = buildSchema(`
    type Query {
      hello(name: String): String!
      twice(n: Int!): Int!
      box: Box!
      boxes: [Box!]!
      refused: String
      broken: String
      brokenOnPurpose: String!
      untilAborted: Boolean
      busy(ms: Int!): Int!
    }
    type Box { id: ID! late: String! box: Box! }
    type Mutation { add(n: Int!): Int! choose(by: By!): String! }
    input By @oneOf { id: ID name: String }
    type Subscription { count(to: Int!): Int! forever: Int! large(bytes: Int!): String! refused: Int! broken: Int! }
  `);
  const root = (name: 'Query' | 'Mutation' | 'Subscription') =>
    schema.getRootType(name.toLowerCase() as 'query')!.getFields();
  const box = { id: '1', late: () => new Promise((resolve) => setTimeout(resolve, 20, 'late')) };
  const refuse = () => {
    throw new AlcoveError('LibraryNotFoundError', 'got "x", expected the name of a library', {
      path: ['by'],
    });
  };
  const breakDown = () => {
    throw new Error('secret of the house');
  };

  root('Query').hello!.resolve = (_root, { name }) => `hello ${name ?? 'world'}`;
  root('Query').twice!.resolve = (_root, { n }) => 2 * n;
  root('Query').box!.resolve = () => ({ ...box, box: () => box });
  root('Query').boxes!.resolve = () => [box, box, box];
  root('Query').refused!.resolve = refuse;
  root('Query').broken!.resolve = breakDown;
  root('Query').brokenOnPurpose!.resolve = () => null;
  root('Query').untilAborted!.resolve = async (_root, _args, { signal, live }) => {
    live.count += 1;
    await once(signal, 'abort');
    live.count -= 1;
  };
  root('Query').busy!.resolve = (_root, { ms }) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
    return ms;
  };
  root('Mutation').add!.resolve = (_root, { n }, { total }) => {
    total.value += n;
    return total.value;
  };
  root('Mutation').choose!.resolve = (_root, { by }) => Object.keys(by)[0];
  root('Subscription').count!.subscribe = async function* (_root, { to }) {
    for (let count = 1; count <= to; count += 1) yield { count };
  };
  root('Subscription').forever!.subscribe = (_root, _args, { signal, live }) =>
    endless(signal, live, { forever: 1 });
  root('Subscription').large!.subscribe = (_root, { bytes }, { signal, live }) =>
    endless(signal, live, { large: 'x'.repeat(bytes) });
  root('Subscription').refused!.subscribe = refuse;
  root('Subscription').broken!.subscribe = breakDown;
  return schema;
}

/** Yields until it is returned or aborted, and counts itself as live meanwhile. */
async function* endless<T>(signal: AbortSignal, live: { count: number }, event: T): AsyncGenerator<T> {
  live.count += 1;
  try {
    while (!signal.aborted) {
      yield event;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    live.count -= 1;
  }
}
