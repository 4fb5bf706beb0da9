import type { LibraryReader } from '../library/LibraryReader.ts';
import type { IndexFiles } from './IndexFiles.ts';

/** Libraries read at a time. */
const LIBRARIES_AT_A_TIME = 100;

/** Removes the files of libraries and generations that no longer exist. For the start, before any index is open. */
export function sweepIndexFiles(files: IndexFiles, reader: Pick<LibraryReader, 'libraries'>): void {
  files.sweep(generations(reader));
}

function* generations(
  reader: Pick<LibraryReader, 'libraries'>,
): Generator<{ id: string; generation: number }> {
  let after: string | undefined;
  do {
    const request = { first: LIBRARIES_AT_A_TIME, ...(after === undefined ? {} : { after }) };
    const page = reader.libraries(request, {});
    for (const { node } of page.edges) yield { id: node.id, generation: node.index.generation };
    after = page.hasNextPage ? page.edges.at(-1)?.cursor : undefined;
  } while (after !== undefined);
}
