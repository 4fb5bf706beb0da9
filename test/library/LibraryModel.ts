import type {
  ChunkWrite,
  CreateDocument,
  ItemOutcome,
  LibraryCommand,
  UpdateChunk,
  WriteChunks,
} from '../../src/library/commands.ts';
import type { Metadata } from '../../src/library/types.ts';

export interface ModelChunk {
  documentId: string;
  position: number;
  text: string;
  page: number | null;
  headings: readonly string[];
  metadata: Metadata;
  vector: readonly number[];
}
export interface ModelDocument {
  libraryId: string;
  title: string;
  metadata: Metadata;
}

/** What a command should do, item by item: a status, or REFUSED. */
export type Expected = { readonly refused: true } | { readonly refused: false; readonly items: string[] };

const REFUSED: Expected = { refused: true };
const DONE: Expected = { refused: false, items: [] };
const DIMENSION = 2;

/** The rules of libraries, documents and chunks, told as plainly as possible: maps in memory, nothing else. */
export class LibraryModel {
  readonly libraries = new Map<string, string>();
  readonly documents = new Map<string, ModelDocument>();
  readonly chunks = new Map<string, ModelChunk>();

  apply(command: LibraryCommand): Expected {
    switch (command.type) {
      case 'createLibrary':
        if (this.libraries.has(command.id) || this.#isTaken(command.name)) return REFUSED;
        this.libraries.set(command.id, command.name);
        return DONE;
      case 'updateLibrary': {
        const id = command.library.id ?? '';
        const name = command.name ?? '';
        if (!this.libraries.has(id) || (this.libraries.get(id) !== name && this.#isTaken(name)))
          return REFUSED;
        this.libraries.set(id, name);
        return DONE;
      }
      case 'deleteLibrary': {
        const id = command.library.id ?? '';
        if (!this.libraries.delete(id)) return REFUSED;
        for (const [documentId, { libraryId }] of this.documents) {
          if (libraryId === id) this.#deleteDocument(documentId);
        }
        return DONE;
      }
      case 'createDocument':
        return this.#createDocument(command);
      case 'updateDocument': {
        const document = this.documents.get(command.id);
        if (document === undefined) return REFUSED;
        document.title = command.title ?? document.title;
        return DONE;
      }
      case 'deleteDocument':
        return this.#deleteDocument(command.id) ? DONE : REFUSED;
      case 'writeChunks':
        return this.#writeChunks(command);
      case 'updateChunk':
        return this.#updateChunk(command);
      case 'deleteChunks':
        return this.#deleteChunks(command.library.id ?? '', 'ids' in command.by ? command.by.ids : []);
      default:
        throw new Error(`The model does not know ${command.type}.`);
    }
  }

  chunksOf(documentId: string): [string, ModelChunk][] {
    return [...this.chunks].filter(([, chunk]) => chunk.documentId === documentId);
  }

  #isTaken(name: string): boolean {
    return [...this.libraries.values()].includes(name);
  }

  #libraryOf(chunk: ModelChunk): string | undefined {
    return this.documents.get(chunk.documentId)?.libraryId;
  }

  #deleteDocument(id: string): boolean {
    for (const [chunkId] of this.chunksOf(id)) this.chunks.delete(chunkId);
    return this.documents.delete(id);
  }

  #createDocument(command: CreateDocument): Expected {
    const libraryId = command.library.id ?? '';
    const before = this.documents.get(command.id);
    const mayReplace = command.ifExists === 'REPLACE' && before?.libraryId === libraryId;
    const seen = new Set<string>();
    const isBad = command.chunks.some((chunk) => {
      const owner = this.chunks.get(chunk.id)?.documentId;
      const isTaken = owner !== undefined && owner !== command.id;
      const isTwice = seen.size === seen.add(chunk.id).size;
      return isTaken || isTwice || vectorOf(command, chunk).length !== DIMENSION;
    });
    if (!this.libraries.has(libraryId) || (before !== undefined && !mayReplace) || isBad) return REFUSED;
    const old = new Map(this.chunksOf(command.id));
    this.#deleteDocument(command.id);
    this.documents.set(command.id, { libraryId, title: command.title, metadata: command.metadata });
    let last = -1;
    const items = command.chunks.map((chunk) => {
      const position = chunk.position ?? last + 1;
      last = Math.max(last, position);
      const { text, page = null, headings = [], metadata } = chunk;
      const place = { documentId: command.id, position, page, headings };
      const written = { ...place, text, metadata, vector: vectorOf(command, chunk) };
      this.chunks.set(chunk.id, written);
      return statusOf(old.get(chunk.id), written);
    });
    return { refused: false, items };
  }

  #writeChunks(command: WriteChunks): Expected {
    const libraryId = command.library.id ?? '';
    if (!this.libraries.has(libraryId)) return REFUSED;
    const seen = new Set<string>();
    const good = command.items.map((item) => {
      if ('kind' in item) return false;
      const before = this.chunks.get(item.id);
      const mayWrite =
        before === undefined || (command.mode === 'UPSERT' && this.#libraryOf(before) === libraryId);
      const isDocumentHere = this.documents.get(item.documentId)?.libraryId === libraryId;
      const isTwice = seen.size === seen.add(item.id).size;
      const fits = vectorOf(command, item).length === DIMENSION;
      return mayWrite && isDocumentHere && fits && !isTwice;
    });
    if (command.atomicity === 'ALL_OR_NOTHING' && good.includes(false)) {
      return { refused: false, items: good.map((isGood) => (isGood ? 'NOT_WRITTEN' : 'REFUSED')) };
    }
    const items = command.items.map((item, index) => {
      if ('kind' in item || !good[index]) return 'REFUSED';
      const before = this.chunks.get(item.id);
      const stays = before?.documentId === item.documentId ? before.position : undefined;
      const last = Math.max(-1, ...this.chunksOf(item.documentId).map(([, { position }]) => position));
      const { documentId, text, page = null, headings = [], metadata } = item;
      const position = item.position ?? stays ?? last + 1;
      const place = { documentId, position, page, headings };
      const written = { ...place, text, metadata, vector: vectorOf(command, item) };
      this.chunks.set(item.id, written);
      return statusOf(before, written);
    });
    return { refused: false, items };
  }

  #updateChunk(command: UpdateChunk): Expected {
    const before = this.chunks.get(command.id);
    if (before === undefined || (command.vector !== undefined && command.vector.length !== DIMENSION))
      return REFUSED;
    const written = {
      ...before,
      text: command.text ?? before.text,
      page: command.page === undefined ? before.page : command.page,
      headings: command.headings ?? before.headings,
      position: command.position ?? before.position,
      vector: command.vector === undefined ? before.vector : [...command.vector],
    };
    this.chunks.set(command.id, written);
    return { refused: false, items: [statusOf(before, written)] };
  }

  #deleteChunks(libraryId: string, ids: readonly string[]): Expected {
    if (!this.libraries.has(libraryId)) return REFUSED;
    const items = ids.map((id) => {
      const chunk = this.chunks.get(id);
      if (chunk === undefined || this.#libraryOf(chunk) !== libraryId) return 'REFUSED';
      this.chunks.delete(id);
      return 'DELETED';
    });
    return { refused: false, items };
  }
}

/** An item's outcome in the model's words. */
export function statusWord(outcome: ItemOutcome): string {
  return 'error' in outcome ? 'REFUSED' : outcome.status;
}

function vectorOf({ vectors }: Pick<WriteChunks, 'vectors'>, { row }: ChunkWrite): number[] {
  return [...vectors.values.subarray(vectors.offsets[row], vectors.offsets[row + 1])];
}

function statusOf(before: ModelChunk | undefined, after: ModelChunk): string {
  if (before === undefined) return 'CREATED';
  return JSON.stringify(before) === JSON.stringify(after) ? 'UNCHANGED' : 'UPDATED';
}
