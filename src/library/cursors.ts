import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidArgument, quote } from './checks.ts';

/** Bytes of HMAC-SHA256 that a cursor carries. */
const SIGNATURE_BYTES = 16;
/** Longer than any cursor of ours: a title of the greatest length, every character escaped. */
const MAX_CURSOR_LENGTH = 16_384;

/** A place in a list: the values that the list is ordered by. */
export type Place = readonly (string | number)[];

/**
 * Makes and reads cursors: a place by value, signed with the database's secret and bound to the list it was made for.
 * So a cursor holds while rows come and go around it, and one that was tampered with, or comes from another list or
 * another database, is refused.
 */
export class Cursors {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** @param list what tells the list and its order from every other, such as `documents/lib_x/TITLE/ASC`. */
  encode(list: string, place: Place): string {
    const payload = Buffer.from(JSON.stringify(place));
    return Buffer.concat([this.#sign(list, payload), payload]).toString('base64url');
  }

  /** @throws AlcoveError InvalidArgumentError if the cursor was not made here for this list. */
  decode(list: string, cursor: string, argument: 'after' | 'before'): Place {
    const bytes = Buffer.from(cursor.length <= MAX_CURSOR_LENGTH ? cursor : '', 'base64url');
    const signature = bytes.subarray(0, SIGNATURE_BYTES);
    const payload = bytes.subarray(SIGNATURE_BYTES);
    const isOurs =
      signature.length === SIGNATURE_BYTES &&
      timingSafeEqual(signature, this.#sign(list, payload)) &&
      bytes.toString('base64url') === cursor;
    if (isOurs) return JSON.parse(payload.toString()) as Place;
    const expected = 'a cursor that this very list has given out; leave it out to begin at the start';
    throw invalidArgument('a cursor', quote(cursor), expected, [argument]);
  }

  #sign(list: string, payload: Uint8Array): Uint8Array {
    const hmac = createHmac('sha256', this.#secret).update(list).update('\0').update(payload);
    return hmac.digest().subarray(0, SIGNATURE_BYTES);
  }
}
