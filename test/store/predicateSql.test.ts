import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, Document, Metadata } from '../../src/library/types.ts';
import { foldCase } from '../../src/store/foldCase.ts';
import type { Predicate, Scalar, Test } from '../../src/store/predicate.ts';
import { MAX_PREDICATE_DEPTH, MAX_PREDICATE_TESTS, predicateSql } from '../../src/store/predicateSql.ts';
import {
  chunk,
  createDocument,
  createLibrary,
  rows,
  TestStore,
  thrown,
  writeChunks,
} from '../library/TestStore.ts';

const SEED = 20_260;
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
const TIMES = [0, 1_000, 2_000, 3_000];
const FIELDS = {
  text: 'STRING',
  tags: 'STRING_LIST',
  number: 'NUMBER',
  flag: 'BOOLEAN',
  time: 'DATE_TIME',
} as const;

const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(...NUMBERS);
const time = fc.constantFrom(...TIMES);

const metadata: fc.Arbitrary<Metadata> = fc.record(
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
const chunkPredicate = nested(
  fc.oneof(chunkLeaf, documentLeaf, metadataLeaf(fc.constantFrom('chunk', 'document'))),
);
const documentPredicate = nested(fc.oneof(documentLeaf, metadataLeaf(fc.constant('document'))));

/** The plain twin: what a predicate means, said without SQL. */
function holds(predicate: Predicate, row: { chunk?: Chunk; document: Document }): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.all.every((part) => holds(part, row));
    case 'or':
      return predicate.any.some((part) => holds(part, row));
    case 'not':
      return !holds(predicate.that, row);
    case 'chunk':
      return testHolds(predicate.test, row.chunk?.[predicate.column]);
    case 'document':
      return testHolds(predicate.test, row.document[predicate.column] ?? undefined);
    case 'metadata': {
      const owner = predicate.of === 'chunk' ? row.chunk : row.document;
      const value = owner?.metadata[predicate.field];
      if (typeof value === 'boolean') return testHolds(predicate.test, value ? 1 : 0);
      const isTime = predicate.field === 'time' && typeof value === 'string';
      return testHolds(predicate.test, isTime ? Date.parse(value) : value);
    }
  }
}

function testHolds(test: Test, value: Scalar | readonly string[] | undefined): boolean {
  if (test.op === 'exists') return (value !== undefined) === test.value;
  if (value === undefined) return false;
  if (typeof value === 'object') {
    if (test.op === 'containsAny') return test.values.some((wanted) => value.includes(wanted));
    return test.op === 'containsAll' && test.values.every((wanted) => value.includes(wanted));
  }
  switch (test.op) {
    case 'eq':
      return value === test.value;
    case 'ne':
      return value !== test.value;
    case 'gt':
      return value > test.value;
    case 'gte':
      return value >= test.value;
    case 'lt':
      return value < test.value;
    case 'lte':
      return value <= test.value;
    case 'in':
      return test.values.includes(value);
    case 'contains':
      return foldCase(String(value)).includes(foldCase(test.value));
    case 'startsWith':
      return foldCase(String(value)).startsWith(foldCase(test.value));
    case 'endsWith':
      return foldCase(String(value)).endsWith(foldCase(test.value));
    default:
      return false;
  }
}

describe('a predicate as SQL', () => {
  let store: TestStore;
  const documents: Document[] = [];
  const chunks: { chunk: Chunk; document: Document }[] = [];

  beforeAll(async () => {
    store = new TestStore();
    for (const id of ['lib_a', 'lib_b']) {
      const metadataFields = Object.entries(FIELDS).map(([name, type]) => {
        return { name, type, description: null, filterable: true };
      });
      await store.submit(createLibrary(id, { metadataFields }));
      const prefix = id === 'lib_a' ? '' : 'other';
      await fillLibrary(store, id, prefix);
    }
    documents.push(...store.reader.documents('lib_a', { first: 1_000 }).edges.map(({ node }) => node));
    for (const { node } of store.reader.chunks({ libraryId: 'lib_a' }, { first: 1_000 }).edges) {
      const document = documents.find(({ id }) => id === node.documentId);
      if (document !== undefined) chunks.push({ chunk: node, document });
    }
  });
  afterAll(() => store.close());

  it('selects the very chunks that its plain meaning selects', () => {
    expect(chunks).toHaveLength(60);
    const property = fc.property(chunkPredicate, (predicate) => {
      const expected = chunks.filter((row) => holds(predicate, row)).map((row) => row.chunk.ordinal);
      expect([...store.reader.ordinalsMatching('lib_a', predicate)]).toEqual(
        expected.toSorted((a, b) => a - b),
      );
      expect(store.reader.chunkCount({ libraryId: 'lib_a' }, predicate)).toBe(expected.length);
    });
    fc.assert(property, { seed: SEED, numRuns: 1_500 });
  });

  it('selects the very documents that its plain meaning selects', () => {
    const property = fc.property(documentPredicate, (predicate) => {
      const expected = documents.filter((document) => holds(predicate, { document })).map(({ id }) => id);
      const page = store.reader.documents('lib_a', { first: 1_000 }, { predicate });
      expect(page.edges.map(({ node }) => node.id)).toEqual(expected);
      expect(store.reader.documentCount('lib_a', predicate)).toBe(expected.length);
    });
    fc.assert(property, { seed: SEED, numRuns: 700 });
  });

  it('never holds a value of the caller in its text', () => {
    const property = fc.property(chunkPredicate, fc.string(), (predicate, secret) => {
      const marked = JSON.parse(
        JSON.stringify(predicate, (key, value) => (key === 'field' ? `f_${secret}` : value)),
      ) as Predicate;
      const { sql, parameters } = predicateSql(marked, 'chunks', 1);
      expect(sql).not.toMatch(/DROP|it's|f_/);
      expect(sql.split('?').length - 1).toBe(parameters.length);
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  it('takes many values and many tests', () => {
    const everyId = Array.from({ length: 50_000 }, (_, index) => `chk_${index}`);
    const isAny: Predicate = { kind: 'chunk', column: 'id', test: { op: 'in', values: everyId } };
    expect(store.reader.ordinalsMatching('lib_a', isAny)).toHaveLength(60);
    const tests = everyId.slice(0, MAX_PREDICATE_TESTS).map((value): Predicate => {
      return { kind: 'chunk', column: 'id', test: { op: 'eq', value } };
    });
    expect(store.reader.ordinalsMatching('lib_a', { kind: 'or', any: tests })).toHaveLength(60);
    const tooMany: Predicate = { kind: 'or', any: [...tests, isAny] };
    thrown(() => store.reader.ordinalsMatching('lib_a', tooMany), 'InvalidFilterError');
  });

  it('nests as deep as it may and no deeper', () => {
    let predicate: Predicate = { kind: 'chunk', column: 'position', test: { op: 'gte', value: 0 } };
    for (let depth = 0; depth < MAX_PREDICATE_DEPTH; depth++) predicate = { kind: 'not', that: predicate };
    expect(store.reader.ordinalsMatching('lib_a', predicate)).toHaveLength(60);
    const deeper: Predicate = { kind: 'not', that: predicate };
    thrown(() => store.reader.ordinalsMatching('lib_a', deeper), 'InvalidFilterError');
  });

  it('refuses tests that their column cannot answer', () => {
    const list: Predicate = { kind: 'chunk', column: 'text', test: { op: 'containsAny', values: ['a'] } };
    thrown(() => store.reader.ordinalsMatching('lib_a', list), 'InvalidFilterError');
    const ofChunk: Predicate = { kind: 'chunk', column: 'text', test: { op: 'contains', value: 'a' } };
    thrown(() => store.reader.documents('lib_a', {}, { predicate: ofChunk }), 'InvalidFilterError');
  });
});

/** Twelve documents of five chunks each, all fields drawn from the small sets above. */
async function fillLibrary(store: TestStore, libraryId: string, prefix: string): Promise<void> {
  const facts = fc.record({
    title: text,
    author: fc.option(text),
    sourceUrl: fc.option(text),
    contentType: text,
    at: time,
    metadata,
  });
  const chunkFacts = fc.record({ text, position: fc.nat(4), metadata });
  const documentSamples = fc.sample(facts, { seed: SEED, numRuns: 12 });
  const chunkSamples = fc.sample(chunkFacts, { seed: SEED, numRuns: 60 });
  for (const [index, sample] of documentSamples.entries()) {
    await store.submit(createDocument(libraryId, `doc_${prefix}${index}`, sample));
  }
  const items = chunkSamples.map((sample, index) => ({
    ...chunk(`chk_${prefix}${index}`, index, sample),
    documentId: `doc_${prefix}${index % 12}`,
  }));
  const vectors = rows(...items.map((_, index) => [index, 0]));
  for (const [index, at] of TIMES.entries()) {
    const part = items.filter((_, position) => position % TIMES.length === index);
    await store.submit(writeChunks(libraryId, part, vectors, { at }));
  }
}
