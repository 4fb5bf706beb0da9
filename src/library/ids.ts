import { randomFillSync } from 'node:crypto';
import { invalidArgument, quote } from './checks.ts';

/** What an id names; its prefix says so. */
const ID_PREFIXES = { library: 'lib_', document: 'doc_', chunk: 'chk_', job: 'job_', file: 'fil_' } as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** Characters after the prefix of an id that a caller chooses. */
const MAX_ID_SUFFIX_LENGTH = 120;
const ID_SUFFIX = new RegExp(`^[A-Za-z0-9._~-]{1,${MAX_ID_SUFFIX_LENGTH}}$`);

/** Crockford's base 32 in lower case: no i, l, o, u; its order is that of the characters' codes. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Ten digits hold 50 bits of milliseconds, sixteen hold 80 random bits: a ULID (https://github.com/ulid/spec). */
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

let lastMs = -1;
const digits = new Uint8Array(RANDOM_DIGITS);

/**
 * A new id: its prefix and 26 characters that sort by time of making. Within one millisecond (or when the clock steps
 * back) each id of this thread is the one before plus one.
 */
export function newId(kind: IdKind, nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    randomFillSync(digits);
    for (let index = 0; index < RANDOM_DIGITS; index++) digits[index] = (digits[index] ?? 0) & 31;
  } else if (!increment()) {
    lastMs += 1;
  }
  let time = '';
  for (let rest = lastMs, index = 0; index < TIME_DIGITS; index++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = '';
  for (const digit of digits) random += ALPHABET.charAt(digit);
  return ID_PREFIXES[kind] + time + random;
}

/** Adds one to the random digits. Returns false when they have gone round to zero. */
function increment(): boolean {
  for (let index = RANDOM_DIGITS - 1; index >= 0; index--) {
    const digit = ((digits[index] ?? 0) + 1) & 31;
    digits[index] = digit;
    if (digit !== 0) return true;
  }
  return false;
}

/**
 * Checks an id that came from a caller.
 * @throws AlcoveError InvalidArgumentError saying what was got and what an id of this kind looks like.
 */
export function parseId(kind: IdKind, text: string, path: readonly string[] = ['id']): string {
  const prefix = ID_PREFIXES[kind];
  if (text.startsWith(prefix) && ID_SUFFIX.test(text.slice(prefix.length))) return text;
  const expected = `${prefix} and 1 to ${MAX_ID_SUFFIX_LENGTH} of the characters A-Z a-z 0-9 . _ ~ -`;
  throw invalidArgument(`the id of a ${kind}`, quote(text), expected, path);
}

/** What a well-formed id names, or undefined: how `node(id)` finds its way. */
export function kindOfId(text: string): IdKind | undefined {
  for (const [kind, prefix] of Object.entries(ID_PREFIXES)) {
    if (text.startsWith(prefix) && ID_SUFFIX.test(text.slice(prefix.length))) return kind as IdKind;
  }
  return undefined;
}
