import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import type { LibraryCommand, Outcome } from '../../src/library/commands.ts';
import { anyCommand } from './anyCommand.ts';
import { LibraryModel, statusWord } from './LibraryModel.ts';
import { TestStore } from './TestStore.ts';

/** A live index as it follows from the changes that were announced, and from nothing else. */
class FollowedIndexes {
  readonly vectors = new Map<string, Map<number, number[]>>();
  #next = 0;

  follow(store: TestStore): void {
    for (const { vectorChanges } of store.applied.slice(this.#next)) {
      for (const change of vectorChanges) {
        if (change.kind === 'LIBRARY_DELETED') {
          this.vectors.delete(change.libraryId);
          continue;
        }
        const index = this.vectors.get(change.libraryId) ?? new Map<number, number[]>();
        this.vectors.set(change.libraryId, index);
        for (const ordinal of change.removed) expect(index.delete(ordinal)).toBe(true);
        for (const [row, ordinal] of change.added.entries()) {
          expect(index.has(ordinal)).toBe(false);
          const dimension = change.vectors.length / change.added.length;
          index.set(ordinal, [...change.vectors.subarray(row * dimension, (row + 1) * dimension)]);
        }
      }
    }
    this.#next = store.applied.length;
  }
}

async function submit(store: TestStore, one: LibraryCommand): Promise<Outcome | undefined> {
  try {
    return await store.submit(one);
  } catch (error) {
    if (error instanceof AlcoveError) return undefined;
    throw error;
  }
}

function expectSame(store: TestStore, model: LibraryModel, indexes: FollowedIndexes): void {
  const { reader } = store;
  const libraries = reader.libraries({}).edges.map(({ node }) => node);
  expect(Object.fromEntries(libraries.map(({ id, name }) => [id, name]))).toEqual(
    Object.fromEntries(model.libraries),
  );
  let documents = 0;
  for (const library of libraries) {
    let bytes = 0;
    let chunks = 0;
    for (const { node: document } of reader.documents(library.id, {}).edges) {
      const { libraryId, title: name, metadata } = document;
      expect({ libraryId, title: name, metadata }).toEqual(model.documents.get(document.id));
      documents += 1;
      bytes += JSON.stringify(metadata).length;
      const stored = reader.chunks({ documentId: document.id }, {}).edges.map(({ node }) => node);
      const expected = new Map(model.chunksOf(document.id));
      expect(stored.map(({ id }) => id).toSorted()).toEqual([...expected.keys()].toSorted());
      for (const one of stored) {
        const values = [...(reader.vector(one.id) ?? [])];
        const { documentId: owner, position: at, page, headings, text, metadata: facts } = one;
        const place = { documentId: owner, position: at, page, headings };
        expect({ ...place, text, metadata: facts, vector: values }).toEqual(expected.get(one.id));
        expect(indexes.vectors.get(library.id)?.get(one.ordinal)).toEqual(values);
        expectFiled(store, one.ordinal, library.id, facts.year);
        bytes += text.length + JSON.stringify(facts).length + values.length * 4;
        chunks += 1;
      }
    }
    expect(library).toMatchObject({
      chunkCount: chunks,
      bytes,
      documentCount: reader.documentCount(library.id),
    });
    expect([...reader.ordinals(library.id)]).toEqual(
      [...(indexes.vectors.get(library.id)?.keys() ?? [])].toSorted((a, b) => a - b),
    );
  }
  expect(documents).toBe(model.documents.size);
}

function expectFiled(store: TestStore, ordinal: number, library: string, value: unknown): void {
  const test =
    typeof value === 'number' ? ({ op: 'eq', value } as const) : ({ op: 'exists', value: false } as const);
  const matching = store.reader.ordinalsMatching(library, {
    kind: 'metadata',
    of: 'chunk',
    field: 'year',
    test,
  });
  expect(matching).toContain(ordinal);
}

describe('any sequence of commands', () => {
  it('leaves the store, and an index that follows it, as the plain rules say', async () => {
    const groups = fc.array(fc.array(anyCommand, { minLength: 1, maxLength: 5 }), {
      minLength: 4,
      maxLength: 10,
    });
    const property = fc.asyncProperty(groups, async (sequence) => {
      const store = new TestStore();
      const model = new LibraryModel();
      const indexes = new FollowedIndexes();
      try {
        for (const group of sequence) {
          const outcomes = await Promise.all(group.map((one) => submit(store, one)));
          for (const [index, one] of group.entries()) {
            const expected = model.apply(one);
            const outcome = outcomes[index];
            expect(outcome === undefined).toBe(expected.refused);
            if (!expected.refused) expect(outcome?.items?.map(statusWord) ?? []).toEqual(expected.items);
          }
          indexes.follow(store);
          expectSame(store, model, indexes);
        }
        expect(store.reader.revision()).toBe(store.applied.length);
        expect(store.fatal).toEqual([]);
      } finally {
        await store.close();
      }
    });
    await fc.assert(property, { seed: 11, numRuns: 120 });
  });
});
