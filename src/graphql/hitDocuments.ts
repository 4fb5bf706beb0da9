import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { LibraryBy } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Chunk, Document, Library } from '../library/types.ts';

/** A search whose hits' documents go away is made again so often; what is still without one then is no hit. */
const MAX_REPEATS = 3;

/** What any search answers. */
interface FoundChunks {
  readonly library: Library;
  readonly hits: readonly { readonly chunk: Chunk }[];
}

/** The documents of chunks that were found, and their libraries, as they were when they were found. */
const documents = new WeakMap<Chunk, Document>();
const libraries = new WeakMap<Document, Library>();

/** The document of a hit, if it was looked up with it. */
export const documentOfHit = (chunk: Chunk): Document | undefined => documents.get(chunk);
/** The library of the document of a hit, if that was looked up with it. */
export const libraryOfHit = (document: Document): Library | undefined => libraries.get(document);

/** Whether the documents of what it answers are selected, by field of a query; queries come again and again. */
const selecting = new WeakMap<FieldNode, boolean>();

/** Whether a query selects the documents of what a field answers. */
export function selectsDocuments({ fieldNodes, fragments }: GraphQLResolveInfo): boolean {
  for (const field of fieldNodes) {
    let selects = selecting.get(field);
    if (selects === undefined) {
      selects = isIn(field.selectionSet, fragments);
      selecting.set(field, selects);
    }
    if (selects) return true;
  }
  return false;
}

function isIn(selections: SelectionSetNode | undefined, fragments: GraphQLResolveInfo['fragments']): boolean {
  return (
    selections?.selections.some((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        return isIn(fragments[selection.name.value]?.selectionSet, fragments);
      const isDocument = selection.kind === Kind.FIELD && selection.name.value === 'document';
      return isDocument || isIn(selection.selectionSet, fragments);
    }) ?? false
  );
}

/**
 * Searches, and looks up the documents of all hits in one statement, so that none of them can be gone by the time that
 * it is asked for. Where one has been deleted in between, the search is made again.
 * @throws AlcoveError what `search` throws; LibraryNotFoundError when the library has been deleted meanwhile.
 */
export async function searchWithDocuments<Answer extends FoundChunks>(
  search: () => Promise<Answer>,
  by: LibraryBy,
  reader: LibraryReader,
): Promise<Answer> {
  for (let repeats = 0; ; repeats++) {
    const answer = await search();
    const ids = new Set(answer.hits.map(({ chunk }) => chunk.documentId));
    const found = reader.documentsOf([...ids]);
    if (found.size < ids.size && reader.library({ id: answer.library.id }) === undefined) libraryNotFound(by);
    if (found.size < ids.size && repeats < MAX_REPEATS) continue;
    for (const document of found.values()) libraries.set(document, answer.library);
    const hits = answer.hits.filter(({ chunk }) => {
      const document = found.get(chunk.documentId);
      if (document !== undefined) documents.set(chunk, document);
      return document !== undefined;
    });
    return hits.length === answer.hits.length ? answer : { ...answer, hits };
  }
}
