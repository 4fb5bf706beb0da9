import fc from 'fast-check';
import type { ChunkWrite, LibraryCommand } from '../../src/library/commands.ts';
import { chunk, createDocument, createLibrary, rows, writeChunks } from './TestStore.ts';

/** Few ids, so that commands meet; one vector in five has the wrong dimension. */
const libraryId = fc.constantFrom('lib_a', 'lib_b');
const documentId = fc.constantFrom('doc_a', 'doc_b', 'doc_c');
const chunkId = fc.nat(7).map((n) => `chk_${n}`);
const title = fc.constantFrom('One', 'Two');
const year = fc.constantFrom<{ year?: number }>({}, { year: 1 }, { year: 2 });
const position = fc.nat(3);
const at = fc.constant(1);
const page = fc.constantFrom(null, 1, 2);
const headings = fc.constantFrom<readonly string[]>([], ['One'], ['One', 'Two']);
const VECTORS = rows([1, 0], [0, 1], [1, 1], [2, 2], [1, 2, 3]);
const YEAR = { name: 'year', type: 'NUMBER', description: null, filterable: true } as const;

const chunkWrite: fc.Arbitrary<ChunkWrite> = fc
  .record({ position, text: title, page, headings, metadata: year }, { requiredKeys: [] })
  .chain((changes) => fc.tuple(chunkId, fc.nat(4)).map(([id, row]) => chunk(id, row, changes)));

const libraryCommand: fc.Arbitrary<LibraryCommand> = fc.oneof(
  fc.tuple(libraryId, title).map(([id, name]) => createLibrary(id, { name, metadataFields: [YEAR] })),
  fc.record({
    type: fc.constant('updateLibrary' as const),
    library: fc.record({ id: libraryId }),
    at,
    name: title,
  }),
  fc.record({ type: fc.constant('deleteLibrary' as const), library: fc.record({ id: libraryId }), at }),
);

const documentChanges = fc.record({
  ifExists: fc.constantFrom('ERROR' as const, 'REPLACE' as const),
  title,
  metadata: year,
  chunks: fc.array(chunkWrite, { maxLength: 3 }),
  vectors: fc.constant(VECTORS),
});
const documentCommand: fc.Arbitrary<LibraryCommand> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(libraryId, documentId, documentChanges)
      .map(([library, id, changes]) => createDocument(library, id, changes)),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('updateDocument' as const), id: documentId, at, title }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('deleteDocument' as const), id: documentId, at }) },
);

const item = fc.tuple(chunkWrite, documentId).map(([write, owner]) => ({ ...write, documentId: owner }));
const writeChanges = fc.record({
  mode: fc.constantFrom('CREATE' as const, 'UPSERT' as const),
  atomicity: fc.constantFrom('ALL_OR_NOTHING' as const, 'EACH' as const),
});
const vector = fc.constantFrom([1, 0], [0, 1], [1, 1], [1, 2, 3]).map((values) => Float32Array.from(values));
const chunkCommand: fc.Arbitrary<LibraryCommand> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(libraryId, fc.array(item, { minLength: 1, maxLength: 4 }), writeChanges)
      .map(([library, items, changes]) => writeChunks(library, items, VECTORS, changes)),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constant('updateChunk' as const),
        id: chunkId,
        at,
        vector,
        text: title,
        position,
        page,
        headings,
      },
      { requiredKeys: ['type', 'id', 'at'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('deleteChunks' as const),
      library: fc.record({ id: libraryId }),
      at,
      by: fc.record({ ids: fc.array(chunkId, { minLength: 1, maxLength: 3 }) }),
    }),
  },
);

/** A command that {@link LibraryModel} knows, about as often refused as not. */
export const anyCommand: fc.Arbitrary<LibraryCommand> = fc.oneof(
  { weight: 4, arbitrary: libraryCommand },
  { weight: 7, arbitrary: documentCommand },
  { weight: 13, arbitrary: chunkCommand },
);
