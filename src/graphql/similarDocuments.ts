import { libraryNotFound } from '../library/lookup.ts';
import {
  type SimilarDocument as SimilarDocumentShape,
  type SimilarOptions,
  similarDocuments,
} from '../search/similarDocuments.ts';
import { builder } from './builder.ts';
import { Document } from './document.ts';
import { ChunkFilter } from './filter.ts';
import { given } from './given.ts';

const DEFAULT_K = 10;

const SimilarDocument = builder.objectRef<SimilarDocumentShape>('SimilarDocument').implement({
  description: 'A document that is like another.',
  fields: (t) => ({
    document: t.expose('document', { type: Document, description: 'The document.' }),
    score: t.exposeFloat('score', {
      description:
        "The mean, over the other's chunks, of the similarity of this one's most similar chunk; 0 to 1. Example: `0.81`",
    }),
    chunkCount: t.exposeInt('chunkCount', {
      description: 'Chunks of the other that have one of this among their nearest. Example: `7`',
    }),
  }),
});

builder.objectField(Document, 'similarDocuments', (t) =>
  t.field({
    type: [SimilarDocument],
    description:
      'The documents of its library that are most like it as a whole, by the nearest to each of its chunks (to 32 of them, if there are more). Example: `similarDocuments(k: 5) { score document { title } }`',
    args: {
      k: t.arg.int({ defaultValue: DEFAULT_K, description: 'How many, 1 to 100. Example: `5`' }),
      filter: t.arg({
        type: ChunkFilter,
        description: 'Among which chunks. Example: `{ createdAt: { gt: "2026-01-01T00:00:00Z" } }`',
      }),
    },
    resolve: (document, { k, filter }, { reader, search, signal }) => {
      const by = { id: document.libraryId };
      const library = reader.library(by) ?? libraryNotFound(by);
      const options = { k: k ?? DEFAULT_K, ...given({ filter }) } as SimilarOptions;
      return similarDocuments(document, library, options, { knn: search, reader }, signal);
    },
  }),
);
