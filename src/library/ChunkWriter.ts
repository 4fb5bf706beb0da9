import { AlcoveError } from '../errors.ts';
import { type ChunkRow, findChunk, insertChunk, lastPosition, updateChunk } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { type DocumentRow, forgetSource } from '../store/documents.ts';
import {
  changeCounts,
  type FieldRow,
  fieldsOf,
  freezeContract,
  type LibraryRow,
} from '../store/libraries.ts';
import { deleteValues, insertValues } from '../store/values.ts';
import {
  deleteVector,
  insertVector,
  storedVectorBytes,
  updateVector,
  vectorBytes,
  vectorTable,
} from '../store/vectors.ts';
import { deleteWords, type IndexedText, insertWords } from '../store/words.ts';
import { checkCharacters, checkText, checkWholeNumber, invalidArgument, quote } from './checks.ts';
import type { VectorChange } from './commands.ts';
import { checkVector } from './contract.ts';
import { parseId } from './ids.ts';
import { type CutText, indexedText } from './indexedText.ts';
import {
  MAX_HEADING_LENGTH,
  MAX_HEADINGS,
  MAX_ORDINAL,
  MAX_PAGE,
  MAX_POSITION,
  MAX_TEXT_BYTES,
} from './limits.ts';
import { type CheckedMetadata, checkMetadata } from './metadata.ts';
import { toContract, toKeywords } from './records.ts';
import type { KeywordSettings, Metadata } from './types.ts';
import { toNextSet } from './vectorSet.ts';

/** A chunk as it shall be; an absent vector or position stays as it is. */
export interface ChunkDraft {
  readonly id: string;
  readonly position?: number;
  readonly text: string;
  readonly page?: number | null;
  readonly headings?: readonly string[];
  readonly metadata: Metadata;
  readonly vector?: Float32Array;
  /** Of the vector: whether it is of the beginning of the text alone. */
  readonly truncated?: boolean;
  readonly words?: CutText;
}

/** A draft that has been checked in every way, with the chunk that it replaces. */
export interface ChunkPlan {
  readonly id: string;
  readonly position: number | undefined;
  readonly text: string;
  readonly page: number | null;
  /** JSON. */
  readonly headings: string;
  readonly metadata: CheckedMetadata;
  readonly vector: Float32Array | undefined;
  readonly truncated: boolean;
  readonly words: CutText | undefined;
  readonly before: { readonly row: ChunkRow; readonly vector: Uint8Array } | undefined;
}

/** The document that a chunk is written into. */
type DocumentOfChunk = Pick<DocumentRow, 'key' | 'id'>;

/** Which existing chunks a command may replace. */
export type MayReplace = (existing: ChunkRow) => boolean;

/**
 * What a chunk without a position is given: KEEP: the one it has, or the next one of its document; ANEW: counted from the start of
 * the document; NEXT: the next one. By KEEP documents are changed by hand, and so are no longer what their sources say.
 */
type Positions = 'KEEP' | 'ANEW' | 'NEXT';

/**
 * Writes chunks of one library within one command: first each is planned, which checks it and writes nothing, then
 * the plans are carried out, then `finish` brings the library's own row up to date. So a batch can be refused as a
 * whole, or item by item, without undoing anything.
 */
export class ChunkWriter {
  /** Ids of the chunks that were created or updated. */
  readonly touchedIds: string[] = [];
  /** Ordinals of the chunks that were updated and have kept their vectors. */
  readonly keptOrdinals: number[] = [];
  /** Vectors that came and are of the beginning of their text alone. */
  #truncated = 0;
  readonly #database: Database;
  readonly #library: LibraryRow;
  readonly #fields: readonly FieldRow[];
  readonly #at: number;
  readonly #positions: Positions;
  readonly #claimedIds = new Set<string>();
  readonly #lastPositions = new Map<number, number>();
  readonly #removed: number[] = [];
  readonly #added: { readonly ordinal: number; readonly vector: Float32Array }[] = [];
  /** Ordinals whose words are to be forgotten, and then the texts to be indexed: all at once, since the table of words
   *  writes out what it holds whenever other tables are written in between. */
  readonly #unindexed: number[] = [];
  readonly #indexed: IndexedText[] = [];
  readonly #keywords: KeywordSettings;
  /** Where the vectors of the set that serves are kept; undefined beside it: no other set is being filled. */
  readonly #vectors: ReturnType<typeof vectorTable>;
  readonly #nextVectors: ReturnType<typeof vectorTable> | undefined;
  #dimension: number | null;
  #nextOrdinal: number;
  readonly #changedByHand = new Set<number>();
  #created = 0;
  #bytes = 0;

  constructor(database: Database, library: LibraryRow, options: { at: number; positions: Positions }) {
    this.#database = database;
    this.#library = library;
    this.#fields = fieldsOf(library);
    this.#keywords = toKeywords(library);
    this.#vectors = vectorTable(library.vectorSet);
    if (toNextSet(library)?.state === 'FILLING') this.#nextVectors = vectorTable(library.vectorSet + 1);
    this.#at = options.at;
    this.#positions = options.positions;
    this.#dimension = library.dimension;
    this.#nextOrdinal = library.nextOrdinal;
  }

  /**
   * Takes an id for this command, before anything else is looked at, so that its second use is an error whatever
   * became of the first.
   * @throws AlcoveError InvalidArgumentError if it is no chunk id or has been claimed.
   */
  claim(id: string, path: readonly string[]): void {
    parseId('chunk', id, [...path, 'id']);
    if (this.#claimedIds.has(id)) throw duplicateId(id, [...path, 'id']);
    this.#claimedIds.add(id);
  }

  /** Plans a draft whose id has been checked. @throws AlcoveError whatever is wrong with it; `path` leads to it. */
  plan(draft: ChunkDraft, mayReplace: MayReplace, path: readonly string[]): ChunkPlan {
    const { id, position, text, page = null, headings = [], vector, truncated = false } = draft;
    if (position !== undefined) {
      checkWholeNumber('a position', position, { min: 0, max: MAX_POSITION }, [...path, 'position']);
    }
    checkChunkText(text, [...path, 'text']);
    checkPlace(page, headings, path);
    const metadata = checkMetadata(this.#fields, draft.metadata, [...path, 'metadata']);
    if (vector !== undefined) {
      const { metric } = toContract(this.#library);
      checkVector({ dimension: this.#dimension, metric }, vector, [...path, 'embedding']);
    }
    const row = findChunk(this.#database, id);
    if (row !== undefined && !mayReplace(row)) throw idTaken(id, [...path, 'id']);
    // An open contract takes its dimension from the first vector that is good.
    if (vector !== undefined) this.#dimension = vector.length;
    const stored = row === undefined ? undefined : storedVectorBytes(this.#database, this.#vectors, row.key);
    const before = row === undefined || stored === undefined ? undefined : { row, vector: stored };
    return {
      id,
      position,
      text,
      page,
      headings: JSON.stringify(headings),
      metadata,
      vector,
      truncated,
      words: draft.words,
      before,
    };
  }

  /** Carries out a plan of this writer, into a document of the library. */
  write(plan: ChunkPlan, document: DocumentOfChunk): 'CREATED' | 'UPDATED' | 'UNCHANGED' {
    const position = this.#position(plan, document.key);
    if (plan.vector !== undefined && plan.truncated) this.#truncated += 1;
    if (plan.before === undefined) {
      this.#forgetSources(document.key);
      this.#create(plan, document, position);
      this.touchedIds.push(plan.id);
      return 'CREATED';
    }
    if (!this.#update(plan, plan.before, document, position)) return 'UNCHANGED';
    this.#forgetSources(document.key, plan.before.row.documentKey);
    this.touchedIds.push(plan.id);
    return 'UPDATED';
  }

  /** What an outcome says of the vectors that came. */
  truncation(): { readonly truncatedCount?: number } {
    return this.#truncated === 0 ? {} : { truncatedCount: this.#truncated };
  }

  /** Indexes the words of what was written, and brings the library's row up to date. Returns what the index must do. */
  finish(revision: number, documents = 0): VectorChange[] {
    deleteWords(this.#database, this.#library.key, this.#unindexed);
    insertWords(this.#database, this.#library.key, this.#indexed);
    const counts = { documents, chunks: this.#created, bytes: this.#bytes };
    changeCounts(this.#database, this.#library.key, counts, revision);
    if (this.#added.length === 0 || this.#dimension === null) return [];
    const contract = { dimension: this.#dimension, nextOrdinal: this.#nextOrdinal };
    freezeContract(this.#database, this.#library.key, contract);
    return [
      {
        libraryId: this.#library.id,
        kind: 'CHANGED',
        removed: Uint32Array.from(this.#removed),
        added: Uint32Array.from(this.#added, ({ ordinal }) => ordinal),
        vectors: this.#joinVectors(this.#dimension),
      },
    ];
  }

  /** A document whose chunks are changed by hand is no longer what its source says. */
  #forgetSources(...documentKeys: readonly number[]): void {
    if (this.#positions !== 'KEEP') return;
    for (const key of documentKeys) {
      if (this.#changedByHand.has(key)) continue;
      this.#changedByHand.add(key);
      forgetSource(this.#database, key);
    }
  }

  #create(plan: ChunkPlan, document: DocumentOfChunk, position: number): void {
    const { id, text, page, headings, metadata, vector, truncated } = plan;
    if (vector === undefined) throw new Error('A new chunk needs a vector.');
    const key = insertChunk(this.#database, {
      id,
      libraryKey: this.#library.key,
      libraryId: this.#library.id,
      documentKey: document.key,
      documentId: document.id,
      position,
      ordinal: this.#takeOrdinal(vector),
      text,
      page,
      headings,
      metadata: metadata.json,
      truncated: truncated ? 1 : 0,
      createdAt: this.#at,
      updatedAt: this.#at,
    });
    this.#indexed.push(indexedText(this.#nextOrdinal - 1, text, this.#keywords, plan.words));
    insertVector(this.#database, this.#vectors, key, vectorBytes(vector));
    insertValues(this.#database, 'chunk', key, metadata.values);
    this.#created += 1;
    this.#bytes += Buffer.byteLength(text) + Buffer.byteLength(metadata.json) + vector.byteLength;
  }

  /** Writes what differs. Returns whether anything did. */
  #update(
    plan: ChunkPlan,
    before: NonNullable<ChunkPlan['before']>,
    document: DocumentOfChunk,
    position: number,
  ): boolean {
    const { row } = before;
    const { text, page, headings, metadata } = plan;
    const bytes = plan.vector === undefined ? undefined : vectorBytes(plan.vector);
    const newVector =
      bytes !== undefined && Buffer.compare(bytes, before.vector) !== 0 ? plan.vector : undefined;
    const newMetadata = metadata.json !== row.metadata;
    const isMoved = document.key !== row.documentKey || position !== row.position;
    const truncated = plan.vector === undefined ? row.truncated : Number(plan.truncated);
    const isSame =
      text === row.text && page === row.page && headings === row.headings && truncated === row.truncated;
    if (newVector === undefined && !newMetadata && !isMoved && isSame) return false;

    // While another set is filled, an ordinal stands for a text too: what is embedded of it is known by it.
    const isNewText = this.#nextVectors !== undefined && text !== row.text;
    const placed = newVector ?? (isNewText ? vectorOf(before.vector) : undefined);
    if (placed === undefined) this.keptOrdinals.push(row.ordinal);
    else {
      this.#removed.push(row.ordinal);
      if (newVector) updateVector(this.#database, this.#vectors, row.key, vectorBytes(newVector));
      if (this.#nextVectors) deleteVector(this.#database, this.#nextVectors, row.key);
    }
    updateChunk(this.#database, {
      ...row,
      documentKey: document.key,
      documentId: document.id,
      position,
      ordinal: placed === undefined ? row.ordinal : this.#takeOrdinal(placed),
      text,
      page,
      headings,
      metadata: metadata.json,
      truncated,
      updatedAt: this.#at,
    });
    if (placed !== undefined || text !== row.text) {
      this.#unindexed.push(row.ordinal);
      const ordinal = placed === undefined ? row.ordinal : this.#nextOrdinal - 1;
      this.#indexed.push(indexedText(ordinal, text, this.#keywords, plan.words));
    }
    if (newMetadata) {
      deleteValues(this.#database, 'chunk', row.key);
      insertValues(this.#database, 'chunk', row.key, metadata.values);
    }
    this.#bytes +=
      Buffer.byteLength(text) -
      Buffer.byteLength(row.text) +
      Buffer.byteLength(metadata.json) -
      Buffer.byteLength(row.metadata);
    return true;
  }

  #position(plan: ChunkPlan, documentKey: number): number {
    const { before } = plan;
    if (
      plan.position === undefined &&
      this.#positions === 'KEEP' &&
      before?.row.documentKey === documentKey
    ) {
      return before.row.position;
    }
    const last = this.#lastPositions.get(documentKey) ?? this.#lastPosition(documentKey);
    const position = plan.position ?? last + 1;
    if (position > MAX_POSITION) {
      throw invalidArgument('a position', position, `at most ${MAX_POSITION}`, ['position']);
    }
    this.#lastPositions.set(documentKey, Math.max(last, position));
    return position;
  }

  #lastPosition(documentKey: number): number {
    return this.#positions === 'ANEW' ? -1 : lastPosition(this.#database, this.#library.key, documentKey);
  }

  #takeOrdinal(vector: Float32Array): number {
    const ordinal = this.#nextOrdinal++;
    if (ordinal > MAX_ORDINAL) {
      throw new AlcoveError(
        'CapacityExceededError',
        `The library has given out all of its ${MAX_ORDINAL} ordinals. Create a new library and import again.`,
        { detail: { expected: MAX_ORDINAL } },
      );
    }
    this.#added.push({ ordinal, vector });
    return ordinal;
  }

  #joinVectors(dimension: number): Float32Array {
    const vectors = new Float32Array(this.#added.length * dimension);
    for (const [index, { vector }] of this.#added.entries()) vectors.set(vector, index * dimension);
    return vectors;
  }
}

/** A stored vector as it is inserted again. */
function vectorOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function checkChunkText(text: string, path: readonly string[]): void {
  // A code unit takes at most three bytes, so most texts need not be measured.
  if (text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES) {
    const expected = `at most ${MAX_TEXT_BYTES}; split it into several chunks`;
    throw invalidArgument('text', `${Buffer.byteLength(text)} bytes`, expected, path);
  }
  checkCharacters('text', text, path);
}

/** Where in its document a chunk stands. */
function checkPlace(page: number | null, headings: readonly string[], path: readonly string[]): void {
  if (page !== null) checkWholeNumber('a page', page, { min: 1, max: MAX_PAGE }, [...path, 'page']);
  const range = { min: 0, max: MAX_HEADINGS };
  checkWholeNumber('the number of headings', headings.length, range, [...path, 'headings']);
  for (const [index, heading] of headings.entries()) {
    checkText('a heading', heading, { maxLength: MAX_HEADING_LENGTH }, [...path, 'headings', String(index)]);
  }
}

function duplicateId(id: string, path: readonly string[]): AlcoveError {
  return invalidArgument('an id', `${quote(id)} for a second time`, 'each chunk once in a batch', path);
}

function idTaken(id: string, path: readonly string[]): AlcoveError {
  return new AlcoveError(
    'IdTakenError',
    `A chunk with the id ${quote(id)} exists already. Choose another id, or use upsertChunks to replace it.`,
    { path, detail: { id } },
  );
}
