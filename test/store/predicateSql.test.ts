import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chunk, Document } from '../../src/library/types.ts';
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
import {
  chunkPredicate,
  documentPredicate,
  FIELDS,
  headings,
  metadata,
  page,
  TIMES,
  text,
  time,
} from './anyPredicate.ts';

const SEED = 20_260;
/** The plain reference: what a predicate means, said without SQL. */
function holds(predicate: Predicate, row: { chunk?: Chunk; document: Document }): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.all.every((part) => holds(part, row));
    case 'or':
      return predicate.any.some((part) => holds(part, row));
    case 'not':
      return !holds(predicate.that, row);
    case 'chunk':
      return testHolds(predicate.test, row.chunk?.[predicate.column] ?? undefined);
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
  const chunkFacts = fc.record({ text, position: fc.nat(4), page, headings, metadata });
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
