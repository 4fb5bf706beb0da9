import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AlcoveError } from '../errors.ts';

/** Where a page ended: the hit's distance and ordinal, and how many ranks of the index it took to get there. */
export interface CursorPosition {
  /** A float32. */
  readonly distance: number;
  readonly ordinal: number;
  readonly rank: number;
}

const POSITION_BYTES = 12;
const SIGNATURE_BYTES = 16;

/**
 * Cursors of one question. A cursor is its position and a signature (HMAC-SHA-256, cut to 16 bytes) over position and
 * question, in base64url: it is of no use to another question, and nobody can make one up.
 */
export class Cursors {
  readonly #key: Uint8Array;

  /** `question` is all that decides which hits there are and in which order; equal questions share cursors. */
  constructor(secret: Uint8Array, question: readonly (string | Uint8Array)[]) {
    const hash = createHash('sha256');
    for (const part of question) {
      hash.update(`${part.length}:`).update(part);
    }
    this.#key = createHmac('sha256', secret).update(hash.digest()).digest();
  }

  encode({ distance, ordinal, rank }: CursorPosition): string {
    const position = Buffer.alloc(POSITION_BYTES);
    position.writeFloatLE(distance, 0);
    position.writeUInt32LE(ordinal, 4);
    position.writeUInt32LE(rank, 8);
    return Buffer.concat([position, this.#sign(position)]).toString('base64url');
  }

  /** @throws AlcoveError InvalidArgumentError when the cursor is not one of this question. */
  decode(cursor: string): CursorPosition {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(0, POSITION_BYTES);
    const isOurs =
      bytes.length === POSITION_BYTES + SIGNATURE_BYTES &&
      timingSafeEqual(bytes.subarray(POSITION_BYTES), this.#sign(position)) &&
      bytes.toString('base64url') === cursor;
    if (!isOurs) {
      throw new AlcoveError(
        'InvalidArgumentError',
        'Got a cursor that this search did not answer; expected the cursor of a hit of the same library, query, ' +
          'filter, bound and grouping. Leave `after` out to begin at the first page.',
        { path: ['after'], detail: { got: cursor.slice(0, 64), expected: 'a cursor of this search' } },
      );
    }
    return {
      distance: position.readFloatLE(0),
      ordinal: position.readUInt32LE(4),
      rank: position.readUInt32LE(8),
    };
  }

  #sign(position: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(position).digest().subarray(0, SIGNATURE_BYTES);
  }
}
