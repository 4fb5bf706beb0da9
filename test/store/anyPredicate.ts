import fc from 'fast-check';
import type { Metadata } from '../../src/library/types.ts';
import type { Predicate, Scalar, Test } from '../../src/store/predicate.ts';

/** Few of each, so that values meet; with what SQL, LIKE and Unicode make hard. */
const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'a%b',
  'a_b',
  "it's",
  '"; DROP TABLE chunks; --',
  'ﬁn',
  'FIN',
  'Straße',
  'é',
  'e\u0301',
  '\u{1f600}x',
];
const NUMBERS = [0, 1, -1, 0.1, 1.5, 2 ** 53, 8_207_879_995_261_305_000, 1e-300, -1e300];
export const TIMES = [0, 1_000, 2_000, 3_000];
/** The fields of every library that {@link metadata} fits. */
export const FIELDS = {
  text: 'STRING',
  tags: 'STRING_LIST',
  number: 'NUMBER',
  flag: 'BOOLEAN',
  time: 'DATE_TIME',
} as const;

export const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(...NUMBERS);
export const time = fc.constantFrom(...TIMES);
export const page = fc.option(fc.integer({ min: 1, max: 5 }));
export const headings = fc.array(text, { maxLength: 3 });

export const metadata: fc.Arbitrary<Metadata> = fc.record(
  {
    text,
    tags: fc.array(text, { maxLength: 3 }),
    number,
    flag: fc.boolean(),
    time: time.map((ms) => new Date(ms).toISOString()),
  },
  { requiredKeys: [] },
);

function order<T extends Scalar>(value: fc.Arbitrary<T>): fc.Arbitrary<Test> {
  return fc.oneof(
    fc.record({ op: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), value }),
    fc.record({ op: fc.constant('in'), values: fc.array(value, { maxLength: 4 }) }),
  );
}
const textTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ op: fc.constantFrom('eq', 'ne'), value: text }),
  fc.record({ op: fc.constant('in'), values: fc.array(text, { maxLength: 4 }) }),
  fc.record({ op: fc.constantFrom('contains', 'startsWith', 'endsWith'), value: text }),
);
const listTest: fc.Arbitrary<Test> = fc.record({
  op: fc.constantFrom('containsAny', 'containsAll'),
  values: fc.array(text, { maxLength: 3 }),
});
const exists: fc.Arbitrary<Test> = fc.record({ op: fc.constant('exists'), value: fc.boolean() });

const ids = (prefix: string) =>
  order(fc.nat(12).map((n) => `${prefix}_${n}`)).filter(
    ({ op }) => op === 'eq' || op === 'ne' || op === 'in',
  );
const documentLeaf: fc.Arbitrary<Predicate> = fc
  .oneof(
    fc.record({ column: fc.constant('id'), test: ids('doc') }),
    fc.record({ column: fc.constantFrom('title', 'contentType'), test: textTest }),
    fc.record({ column: fc.constantFrom('author', 'sourceUrl'), test: fc.oneof(textTest, exists) }),
    fc.record({ column: fc.constantFrom('createdAt', 'updatedAt'), test: order(time) }),
  )
  .map((leaf) => ({ kind: 'document', ...leaf }) as Predicate);
const chunkLeaf: fc.Arbitrary<Predicate> = fc
  .oneof(
    fc.record({ column: fc.constant('id'), test: ids('chk') }),
    fc.record({ column: fc.constant('text'), test: textTest }),
    fc.record({ column: fc.constant('position'), test: order(fc.nat(4)) }),
    fc.record({ column: fc.constant('page'), test: fc.oneof(order(fc.nat(6)), exists) }),
    fc.record({ column: fc.constant('headings'), test: fc.oneof(listTest, exists) }),
    fc.record({ column: fc.constantFrom('createdAt', 'updatedAt'), test: order(time) }),
  )
  .map((leaf) => ({ kind: 'chunk', ...leaf }) as Predicate);
const metadataLeaf = (of: fc.Arbitrary<'chunk' | 'document'>): fc.Arbitrary<Predicate> =>
  fc
    .tuple(
      of,
      fc.oneof(
        fc.record({ field: fc.constant('text'), test: fc.oneof(textTest, exists) }),
        fc.record({ field: fc.constant('tags'), test: fc.oneof(listTest, exists) }),
        fc.record({ field: fc.constant('number'), test: fc.oneof(order(number), exists) }),
        fc.record({ field: fc.constant('flag'), test: fc.oneof(order(fc.constantFrom(0, 1)), exists) }),
        fc.record({ field: fc.constant('time'), test: fc.oneof(order(time), exists) }),
        fc.record({ field: fc.constant('unknown'), test: exists }),
      ),
    )
    .map(([owner, leaf]) => ({ kind: 'metadata', of: owner, ...leaf }));

function nested(leaf: fc.Arbitrary<Predicate>): fc.Arbitrary<Predicate> {
  return fc.letrec<{ predicate: Predicate }>((tie) => ({
    predicate: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.record({ kind: fc.constant('not'), that: tie('predicate') }),
      fc.record({ kind: fc.constant('and'), all: fc.array(tie('predicate'), { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('or'), any: fc.array(tie('predicate'), { maxLength: 3 }) }),
    ),
  })).predicate;
}
/** A predicate over chunks of a library with {@link FIELDS}. */
export const chunkPredicate = nested(
  fc.oneof(chunkLeaf, documentLeaf, metadataLeaf(fc.constantFrom('chunk', 'document'))),
);
/** The same over documents. */
export const documentPredicate = nested(fc.oneof(documentLeaf, metadataLeaf(fc.constant('document'))));
