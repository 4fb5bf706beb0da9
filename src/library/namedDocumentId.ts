import { createHash } from 'node:crypto';

/** Hexadecimal digits of a name's hash in its document's id. */
const ID_DIGITS = 32;

/** The same name in the same library is the same document. */
export function namedDocumentId(libraryId: string, name: string): string {
  const hash = createHash('sha256').update(`${libraryId}\0${name}`).digest('hex');
  return `doc_${hash.slice(0, ID_DIGITS)}`;
}
