import type { JobReader } from '../jobs/JobReader.ts';
import type { LibraryBy } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Entry } from '../log/CommandLog.ts';
import type { KnnSearcher } from '../search/KnnSearcher.ts';
import type { TextSearcher } from '../search/TextSearcher.ts';
import type { Command, CommandOutcome, Writer } from '../writer/Writer.ts';
import { KeyedWriter } from './KeyedWriter.ts';
import type { Principal } from './Principal.ts';
import { ScopedJobReader } from './ScopedJobReader.ts';
import { ScopedLibraryReader } from './ScopedLibraryReader.ts';

/** Every way to what is in libraries. */
export interface Services {
  readonly reader: LibraryReader;
  readonly jobs: JobReader;
  readonly writer: Writer;
  readonly search: Pick<KnnSearcher, 'search'>;
  readonly textSearch: Pick<TextSearcher, 'search'>;
  readonly rememberedOutcome: (
    idempotency: NonNullable<Entry<Command>['idempotency']>,
  ) => CommandOutcome | undefined;
}

/**
 * The services as a principal has them. Whoever works with these alone cannot reach what the principal may not see, whatever id,
 * name or cursor is given: there is nothing behind it.
 */
export class Views {
  readonly #all: Services;
  readonly #views = new WeakMap<Principal, Services>();

  constructor(all: Services) {
    this.#all = all;
  }

  of(principal: Principal): Services {
    if (principal.keyId === null && principal.libraries === 'ALL') return this.#all;
    const known = this.#views.get(principal);
    if (known) return known;
    const made = viewOf(principal, this.#all);
    this.#views.set(principal, made);
    return made;
  }
}

function viewOf(principal: Principal, all: Services): Services {
  const { keyId, libraries } = principal;
  const rememberedOutcome: Services['rememberedOutcome'] = (idempotency) =>
    all.rememberedOutcome({ ...idempotency, ...(keyId !== null && { owner: keyId }) });
  if (libraries === 'ALL') {
    const { reader, jobs, search, textSearch } = all;
    const writer = new KeyedWriter(all.writer, jobs, principal);
    return { reader, jobs, writer, search, textSearch, rememberedOutcome };
  }
  const reader = new ScopedLibraryReader(all.reader, libraries);
  const jobs = new ScopedJobReader(all.jobs, libraries);
  return {
    reader,
    jobs,
    writer: new KeyedWriter(all.writer, jobs, principal),
    search: scopedSearch(all.search, reader),
    textSearch: scopedSearch(all.textSearch, reader),
    rememberedOutcome,
  };
}

/** A search of libraries that there are for `reader`: by id, so that a name cannot come to mean another one meanwhile. */
function scopedSearch<Request extends { readonly library: LibraryBy }, Rest extends unknown[], Answer>(
  searcher: { search(request: Request, ...rest: Rest): Promise<Answer> },
  reader: LibraryReader,
): { search(request: Request, ...rest: Rest): Promise<Answer> } {
  return {
    search: async (request, ...rest) => {
      const { id } = reader.library(request.library) ?? libraryNotFound(request.library);
      return searcher.search({ ...request, library: { id } }, ...rest);
    },
  };
}
