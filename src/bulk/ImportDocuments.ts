import { isDeepStrictEqual } from 'node:util';
import { AlcoveError } from '../errors.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { nodeNotFound } from '../library/lookup.ts';
import type { Document, Library } from '../library/types.ts';
import type { Writer } from '../writer/Writer.ts';
import type { DocumentFields, RowDocument } from './ImportRow.ts';

/** Documents that are remembered to be as rows say; more are looked up again. */
const MAX_REMEMBERED = 10_000;
const CONTENT_TYPE = 'text/plain';

/** What became of a document. */
export type DocumentOutcome = 'WRITTEN' | 'UNCHANGED' | AlcoveError;

/** Sees to it that the documents which rows name are there, and are as they say. */
export class ImportDocuments {
  readonly #library: Library;
  readonly #reader: Pick<LibraryReader, 'document'>;
  readonly #writer: Pick<Writer, 'submit'>;
  /** By id: the fields that were last seen to be so. */
  readonly #level = new Map<string, string>();

  constructor(library: Library, reader: Pick<LibraryReader, 'document'>, writer: Pick<Writer, 'submit'>) {
    this.#library = library;
    this.#reader = reader;
    this.#writer = writer;
  }

  /**
   * Writes those that are not there or are different, all at once. A document that is named several times is as the last
   * says. Returns what became of each, by id.
   * @throws AlcoveError what is no fault of a document's: ShuttingDownError, StoreUnavailableError …
   */
  async ensure(documents: readonly RowDocument[]): Promise<ReadonlyMap<string, DocumentOutcome>> {
    const merged = new Map<string, RowDocument>();
    for (const document of documents) {
      const before = merged.get(document.id);
      const fields = { ...before?.fields, ...document.fields };
      merged.set(document.id, { ...document, newTitle: fields.title ?? document.newTitle, fields });
    }
    const outcomes = await Promise.all(
      [...merged.values()].map(async (document) => [document.id, await this.#ensureOne(document)] as const),
    );
    return new Map(outcomes);
  }

  async #ensureOne(document: RowDocument): Promise<DocumentOutcome> {
    const said = JSON.stringify(document.fields);
    const level = this.#level.get(document.id);
    if (level !== undefined && (level === said || said === '{}')) return 'UNCHANGED';
    try {
      const outcome = await this.#write(document);
      if (this.#level.size >= MAX_REMEMBERED) this.#level.clear();
      this.#level.set(document.id, said);
      return outcome;
    } catch (error) {
      if (error instanceof AlcoveError && isItsOwnFault(error)) return error.within('document');
      throw error;
    }
  }

  async #write({ id, newTitle, fields }: RowDocument): Promise<'WRITTEN' | 'UNCHANGED'> {
    const existing = this.#reader.document(id);
    if (existing === undefined && (await this.#create(id, newTitle, fields))) return 'WRITTEN';
    const document = existing ?? this.#reader.document(id);
    if (document === undefined || document.libraryId !== this.#library.id) {
      throw nodeNotFound('document of this library', id);
    }
    if (isLevel(document, fields)) return 'UNCHANGED';
    await this.#writer.submit({ command: { type: 'updateDocument', id, at: Date.now(), ...fields } });
    return 'WRITTEN';
  }

  /** Returns false when somebody else has been quicker. */
  async #create(id: string, title: string, fields: DocumentFields): Promise<boolean> {
    try {
      await this.#writer.submit({
        command: {
          type: 'createDocument',
          library: { id: this.#library.id },
          id,
          at: Date.now(),
          ifExists: 'ERROR',
          author: null,
          sourceUrl: null,
          contentType: CONTENT_TYPE,
          metadata: {},
          ...fields,
          title,
          chunks: [],
          vectors: { values: new Float32Array(0), offsets: new Uint32Array(1) },
        },
      });
      return true;
    } catch (error) {
      if (error instanceof AlcoveError && error.kind === 'IdTakenError') return false;
      throw error;
    }
  }
}

function isLevel(document: Document, fields: DocumentFields): boolean {
  return Object.entries(fields).every(([key, value]) =>
    isDeepStrictEqual(document[key as keyof DocumentFields], value),
  );
}

/** Whether another document would have gone in. */
function isItsOwnFault({ kind, code }: AlcoveError): boolean {
  return kind === 'NodeNotFoundError' || code === 'BAD_USER_INPUT' || code === 'CONFLICT';
}
