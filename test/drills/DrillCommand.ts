import { crc32 } from 'node:zlib';
import { type AlcoveClient, orThrow } from '../../src/client/index.ts';
import { randomFrom } from '../indexes/data.ts';

/** Where drills write; its vectors come from the callers. */
export const DRILL_LIBRARY = 'drill';
export const DRILL_DIMENSION = 8;
const CHUNKS_AT_ONCE = 3;
/** A lane's documents; with more it deletes rather than creates. */
const MANY_DOCUMENTS = 6;
/** Chunks of a document that have ids of the lane's own choosing. */
const SLOTS = 8;

/** A change that one lane asks for. `key` is its idempotency key, and stands in everything that it writes. */
export interface DrillCommand {
  readonly kind:
    | 'createDocument'
    | 'updateDocument'
    | 'deleteDocument'
    | 'createChunks'
    | 'upsertChunks'
    | 'updateChunk'
    | 'deleteChunk'
    | 'createLibrary'
    | 'deleteLibrary';
  readonly key: string;
  /** Of the document or the library that it is about. */
  readonly target: string;
  /** Own ids of the chunks that it is about. */
  readonly chunkIds: readonly string[];
}

interface DrillDocument {
  readonly title: string;
  /** By own id, or by text where the server chose the id: then a command that is applied twice shows. */
  readonly chunks: ReadonlyMap<string, string>;
}

/** What one lane has written. */
export interface Content {
  readonly documents: ReadonlyMap<string, DrillDocument>;
  readonly libraries: ReadonlySet<string>;
}

export const EMPTY: Content = { documents: new Map(), libraries: new Set() };

/** The vector of a text: whoever finds another has found damage. */
export function vectorOf(text: string): Float32Array {
  const random = randomFrom(crc32(text));
  return Float32Array.from({ length: DRILL_DIMENSION }, () => random() - 0.5);
}

const textOf = (key: string, row: number): string => `${key} row ${row}`;
const titleOf = (key: string): string => `title of ${key}`;
const rowsOf = ({ kind, key, chunkIds }: DrillCommand): (readonly [name: string, text: string])[] =>
  kind === 'createChunks'
    ? Array.from({ length: CHUNKS_AT_ONCE }, (_, row) => [textOf(key, row), textOf(key, row)])
    : chunkIds.map((id, row) => [id, textOf(key, row)]);

/** A change that can be asked for in this state. */
export function nextCommand(key: string, content: Content, random: () => number): DrillCommand {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const [documentId, document] = pick([...content.documents]) ?? [];
  const library = pick([...content.libraries]);
  const dice = random();
  if (dice < 0.01) return { kind: 'createLibrary', key, target: `extra-${key}`, chunkIds: [] };
  if (dice < 0.03 && library !== undefined)
    return { kind: 'deleteLibrary', key, target: library, chunkIds: [] };
  if (
    documentId === undefined ||
    document === undefined ||
    (dice < 0.15 && content.documents.size < MANY_DOCUMENTS)
  )
    return { kind: 'createDocument', key, target: `doc_${key}`, chunkIds: [] };
  const command = (kind: DrillCommand['kind'], chunkIds: readonly string[] = []): DrillCommand => {
    return { kind, key, target: documentId, chunkIds };
  };
  if (dice < 0.2 && content.documents.size >= MANY_DOCUMENTS) return command('deleteDocument');
  if (dice < 0.3) return command('updateDocument');
  if (dice < 0.5) return command('createChunks');
  const slot = (): string => `chk_${documentId.slice(4)}.${Math.floor(random() * SLOTS)}`;
  const known = pick([...document.chunks.keys()].filter((name) => name.startsWith('chk_')));
  if (dice < 0.75 || known === undefined)
    return command('upsertChunks', [...new Set([slot(), slot(), slot()])]);
  return command(dice < 0.9 ? 'updateChunk' : 'deleteChunk', [known]);
}

/** What a lane's content is after a command. */
export function applied(content: Content, command: DrillCommand): Content {
  const documents = new Map(content.documents);
  const libraries = new Set(content.libraries);
  const { kind, key, target } = command;
  if (kind === 'createLibrary') libraries.add(target);
  else if (kind === 'deleteLibrary') libraries.delete(target);
  else if (kind === 'deleteDocument') documents.delete(target);
  else {
    const { title, chunks } = documents.get(target) ?? { title: '', chunks: new Map() };
    const after = new Map(chunks);
    if (kind === 'deleteChunk') for (const id of command.chunkIds) after.delete(id);
    else if (kind !== 'createDocument' && kind !== 'updateDocument')
      for (const [name, text] of rowsOf(command)) after.set(name, text);
    const isTitled = kind === 'createDocument' || kind === 'updateDocument';
    documents.set(target, { title: isTitled ? titleOf(key) : title, chunks: after });
  }
  return { documents, libraries };
}

/** Everything in it, a line each, as {@link takeStock} finds it on a server. */
export function linesOf({ documents, libraries }: Content): string[] {
  const lines = [...libraries].map((name) => `library ${name}`);
  for (const [id, { title, chunks }] of documents) {
    lines.push(`document ${id} ${title}`);
    for (const [name, text] of chunks) lines.push(`chunk ${id} ${name} ${text}`);
  }
  return lines;
}

/** Asks the server for it. Returns the revision of the change. @throws AlcoveRequestError */
export async function send(client: AlcoveClient, command: DrillCommand): Promise<number> {
  const { kind, key, target, chunkIds } = command;
  const library = { name: DRILL_LIBRARY };
  const idempotencyKey = key;
  const chunks = rowsOf(command).map(([name, text]) => ({
    ...(name.startsWith('chk_') ? { id: name } : {}),
    documentId: target,
    text,
    embedding: [...vectorOf(text)],
  }));
  const [first] = chunks;
  const title = titleOf(key);
  switch (kind) {
    case 'createLibrary':
      return Number(orThrow(await client.createLibrary({ name: target, idempotencyKey })).revision);
    case 'deleteLibrary':
      return Number(
        orThrow(await client.deleteLibrary({ library: { name: target }, idempotencyKey })).revision,
      );
    case 'createDocument':
      return Number(
        orThrow(await client.createDocument({ library, id: target, title, idempotencyKey })).revision,
      );
    case 'updateDocument':
      return Number(orThrow(await client.updateDocument({ id: target, title, idempotencyKey })).revision);
    case 'deleteDocument':
      return Number(orThrow(await client.deleteDocument({ id: target, idempotencyKey })).revision);
    case 'createChunks':
      return Number(orThrow(await client.createChunks({ library, chunks, idempotencyKey })).revision);
    case 'upsertChunks':
      return Number(
        orThrow(
          await client.upsertChunks({
            library,
            chunks: chunks.map((chunk) => ({ ...chunk, id: chunk.id ?? '' })),
            idempotencyKey,
          }),
        ).revision,
      );
    case 'updateChunk':
      return Number(
        orThrow(
          await client.updateChunk({
            id: chunkIds[0] ?? '',
            text: first?.text ?? '',
            embedding: first?.embedding ?? [],
            idempotencyKey,
          }),
        ).revision,
      );
    case 'deleteChunk':
      return Number(
        orThrow(await client.deleteChunks({ library, by: { ids: [...chunkIds] }, idempotencyKey })).revision,
      );
  }
}
