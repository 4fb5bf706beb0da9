import fc from 'fast-check';
import { buildSchema, type GraphQLInterfaceType, parse, validate } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { PreparedOperation } from '../../../src/server/operations/PreparedOperation.ts';

const schema = buildSchema(`
  type Query { one: Thing must: Thing! many: [Thing] all: [Thing!]! any: [Either!] grid: [[Int]] text(n: Int = 3, by: By): String number: Float! }
  type Mutation { one: Thing text(n: Int = 3, by: By): String must: Thing! }
  interface Thing { id: ID must: Thing! many: [Thing!] colour: Colour flag: Boolean! text(n: Int = 3, by: By): String }
  type A implements Thing { id: ID must: Thing! many: [Thing!] colour: Colour flag: Boolean! text(n: Int = 3, by: By): String a: Int! }
  type B implements Thing { id: ID must: Thing! many: [Thing!] colour: Colour flag: Boolean! text(n: Int = 3, by: By): String b: [String!] }
  union Either = A | B
  enum Colour { RED BLUE }
  input By { name: String = "by", more: [By!], count: Int! }
`);
for (const name of ['Thing', 'Either'])
  (schema.getType(name) as GraphQLInterfaceType).resolveType = ({ kind }) => kind;

/** What resolvers answer: now or later, right or wrong, or nothing. */
function world(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  const maybe = (make: () => unknown) => () => {
    const chance = next(24);
    if (chance === 0) return null;
    if (chance === 1) throw new Error('thrown');
    if (chance === 2) return new Error('returned');
    if (chance === 3) return Promise.resolve(make());
    if (chance === 4) return Promise.reject(new Error('rejected'));
    return make();
  };
  const list = (make: () => unknown) => () => Array.from({ length: next(3) }, () => maybeNow(make));
  const maybeNow = (make: () => unknown) =>
    next(12) === 0 ? null : next(8) === 0 ? Promise.resolve(make()) : make();
  const thing = (): object => ({
    kind: next(2) === 0 ? 'A' : 'B',
    id: maybe(() => next(9)),
    must: maybe(thing),
    many: maybe(list(thing)),
    colour: maybe(() => (next(5) === 0 ? 'GREEN' : 'RED')),
    flag: maybe(() => next(2) === 0),
    a: maybe(() => next(3) * 1.5),
    b: maybe(list(() => 'b"\u2028é')),
    text: (args: object) => JSON.stringify(args),
  });
  return {
    one: maybe(thing),
    must: maybe(thing),
    many: maybe(list(thing)),
    all: maybe(list(thing)),
    any: maybe(list(thing)),
    grid: maybe(list(list(() => next(100)))),
    text: (args: object) => JSON.stringify(args),
    number: maybe(() => (next(9) === 0 ? Number.NaN : -next(100) / 7)),
  };
}

const condition = fc.constantFrom('', '', '', ' @include(if: $yes)', ' @skip(if: $no)', ' @skip(if: true)');
const argument = fc.constantFrom(
  '',
  '(n: 1)',
  '(n: $n)',
  '(by: $by)',
  '(by: { count: $n })',
  '(by: { name: "x", count: 2, more: { count: 1 } })',
);
const alias = fc.constantFrom('', '', 'x: ', 'y: ');

/** Selections of one type, down to a depth. Aliases are of leaves that are alike, so that what is merged may be. */
const selections = (type: 'Query' | 'Thing' | 'Either' | 'A' | 'B', depth: number): fc.Arbitrary<string> => {
  const leaves = {
    Query: ['number', 'grid', '__typename'],
    Thing: ['id', 'colour', 'flag', '__typename'],
    A: ['id', 'a', '__typename'],
    B: ['id', 'flag', 'b'],
    Either: ['__typename'],
  }[type].map((name) => condition.map((when) => name + when));
  const text =
    type === 'Either'
      ? []
      : [
          fc
            .tuple(argument, condition)
            .map(([given, when]) => `${given === '' ? '' : `t${given.length}: `}text${given}${when}`),
        ];
  if (depth === 0) return several([...leaves, ...text]);
  const below = (name: string, of: 'Thing' | 'Either') =>
    fc.tuple(condition, selections(of, depth - 1)).map(([when, inner]) => `${name}${when} { ${inner} }`);
  const objects = {
    Query: [
      below('one', 'Thing'),
      below('must', 'Thing'),
      below('many', 'Thing'),
      below('all', 'Thing'),
      below('any', 'Either'),
    ],
    Thing: [below('must', 'Thing'), below('many', 'Thing')],
    A: [below('must', 'Thing')],
    B: [below('many', 'Thing')],
    Either: [],
  }[type];
  const fragments =
    type === 'Thing' || type === 'Either'
      ? (['A', 'B'] as const).map((on) =>
          fc
            .tuple(condition, selections(on, depth - 1))
            .map(([when, inner]) => `... on ${on}${when} { ${inner} }`),
        )
      : [];
  const spread = type === 'Thing' ? [fc.constant('...F')] : [];
  return several([...leaves, ...text, ...objects, ...fragments, ...spread]);
};
const several = (of: fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...of), { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));

describe('a prepared operation', () => {
  it('answers what the executor of Yoga answers, data byte for byte and errors with their places', async () => {
    const variables = { n: 5, yes: true, no: false, by: { count: 7, more: [{ count: 8, name: null }] } };
    const { execute } = createYoga({ schema, logging: false, maskedErrors: false }).getEnveloped({});
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        selections('Query', 3),
        alias,
        fc.integer({ min: 1, max: 1e9 }),
        async (set, name, seed) => {
          const document = parse(
            `query ($n: Int!, $yes: Boolean!, $no: Boolean = false, $by: By) { ${name}number ${set} }
           fragment F on Thing { id flag must { id text(by: $by) } }`,
          );
          if (validate(schema, document).some(({ message }) => !/never used|is not used/.test(message)))
            return;
          compared += 1;
          const prepared = PreparedOperation.of(schema, document, undefined);
          const values = prepared?.variablesOf(variables);
          const plan = values && prepared?.planFor(values);
          if (!prepared || !plan) throw new Error('not prepared');
          // Twice: what a plan holds from the first time must do for the second.
          for (const at of [seed, seed]) {
            const expected = await execute({
              schema,
              document,
              rootValue: world(at),
              variableValues: variables,
            });
            const { data, errors } = await prepared.execute(plan, values, {}, world(at));
            expect(data).toBe(JSON.stringify(expected.data));
            expect(sorted(errors)).toEqual(sorted(expected.errors ?? []));
          }
        },
      ),
      { seed: 23, numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

const sorted = (errors: readonly { toJSON(): object }[]) =>
  errors.map((error) => JSON.stringify(error)).sort();
