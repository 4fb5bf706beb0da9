/** One thing that is sent, whole and concrete, so that a file can hold it and it can be sent again. */
export type Case = HttpCase | RawCase | SocketCase;

/** A well-formed HTTP request with any content. */
export interface HttpCase {
  readonly way: 'HTTP' | 'BULK';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Latin-1, a character for each byte. */
  readonly body: string;
  /** Sent with the key that may read one library alone: see LimitedKey.ts. */
  readonly hasLimitedKey?: true;
}

/** Bytes on a connection, HTTP or not. */
export interface RawCase {
  readonly way: 'RAW';
  /** Latin-1, a character for each byte. */
  readonly bytes: string;
}

/** Messages on one WebSocket connection. */
export interface SocketCase {
  readonly way: 'SOCKET';
  readonly messages: readonly string[];
  /** As of an HttpCase, in the header of the request that opens the connection. */
  readonly hasLimitedKey?: true;
}

/** What came back. */
export interface Answer {
  /** Of HTTP; of a WebSocket its close code, or 101 where the server did not close it; 0 where raw bytes got none. */
  readonly status: number;
  /** The beginning of it. */
  readonly text: string;
  /** The header by which an answer over HTTP says when to come back. */
  readonly retryAfter?: string;
  /** Nobody waited for its end, so that the server may be at work on it still. */
  readonly isLeft?: true;
  /** Why there is no answer: the connection broke, or nothing came in time. */
  readonly silence?: string;
}

/** How many operations a case counts for. */
export function operationsIn(sent: Case): number {
  if (sent.way !== 'SOCKET') return 1;
  return Math.max(1, sent.messages.filter((message) => message.includes('"subscribe"')).length);
}

/** A text as the bytes of a body. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
