import { gunzipSync } from 'node:zlib';
import type { Answer, Case, HttpCase, SocketCase } from './Case.ts';
import type { KnownKind } from './Known.ts';

/** The library that the limited key may read. Nothing writes to it; a run remembers nothing that is called canary. */
export const OWN = { name: 'canary-own-5f3a', libraryId: 'lib_canary-own-5f3a' };
/** A word in every text, title and value of the other libraries, and in no operation. */
export const MARK = 'theirs9c1e';

/** What operations with the limited key can name: its own, and what is of others. */
export const AIMS: Partial<Record<KnownKind, readonly string[]>> = {
  libraryName: [OWN.name, OWN.name, OWN.name, OWN.name],
  lib: [OWN.libraryId, OWN.libraryId, OWN.libraryId, OWN.libraryId],
  doc: ['doc_canary-own-5f3a', 'doc_canary-own-5f3a', 'doc_canary-own-5f3a', 'doc_canary-own-5f3a'],
  chk: Array.from({ length: 40 }, (_, at) => `chk_canary-own-5f3a-${at % 12}`),
};

/** What others' libraries, documents and chunks are called. */
const THEIRS = 'fuzz-';
/** As long as THEIRS, so that what tells of a place in the request tells of the same one. */
const NOBODYS = 'none-';
/** A letter of a name, and what it became. */
const RENAMED: ReadonlySet<string> = new Set([...THEIRS].map((letter, at) => `${letter}${NOBODYS[at]}`));
/** Names and ids that answers may hold. */
const NAMED = /(?:lib|doc|chk|job|fil)_[\w.~-]{1,80}|fuzz-\d+/g;

/** The case as it is sent with the limited key; nothing for raw bytes, which may come to hold no key. */
export function withLimitedKey(sent: Case): HttpCase | SocketCase | undefined {
  return sent.way === 'RAW' ? undefined : { ...sent, hasLimitedKey: true };
}

/** Whether an answer tells somebody who may read one library alone of anything in another that they did not name themselves. */
export function isLeak(sent: Case, { text }: Answer): boolean {
  if (sent.way === 'RAW' || !sent.hasLimitedKey) return false;
  if (text.includes(MARK)) return true;
  const named = textOf(sent);
  return [...text.matchAll(NAMED)].some(([name]) => !name.includes('canary-own') && !named.includes(name));
}

/**
 * The same case about libraries that there are not; nothing where it names none of others. Whoever may not see these has to be
 * answered the same. Cases of WebSocket and streams have none: when their messages come depends on time.
 */
export function aboutNothing(sent: Case): HttpCase | undefined {
  if (sent.way !== 'HTTP' && sent.way !== 'BULK') return undefined;
  if (sent.headers.accept === 'text/event-stream' || sent.headers['content-encoding']) return undefined;
  const twin = {
    ...sent,
    path: sent.path.replaceAll(THEIRS, NOBODYS),
    body: sent.body.replaceAll(THEIRS, NOBODYS),
  };
  return twin.path === sent.path && twin.body === sent.body ? undefined : twin;
}

/**
 * Whether the answer to a case is the answer to what {@link aboutNothing} made of it: letter by letter, but for those of the names,
 * which an answer may quote in part.
 */
export function isSame(answer: Answer, aboutNothing: Answer): boolean {
  const told = comparable(answer);
  const other = comparable(aboutNothing);
  if (told.length !== other.length) return false;
  return Array.prototype.every.call(
    told,
    (letter: string, at: number) => letter === other[at] || RENAMED.has(`${letter}${other[at]}`),
  );
}

function comparable({ status, text }: Answer): string {
  return `${status} ${text.replaceAll(/"requestId":"[^"]*"/g, '')}`;
}

/** All that a case says, as far as it can be read. */
function textOf(sent: HttpCase | SocketCase): string {
  if (sent.way === 'SOCKET') return sent.messages.join('\n');
  const bytes = Buffer.from(sent.body, 'latin1');
  return [sent.path, decoded(sent.path), bytes.toString('utf8'), unzipped(bytes)].join('\n');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

function unzipped(bytes: Buffer): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch {
    return '';
  }
}
