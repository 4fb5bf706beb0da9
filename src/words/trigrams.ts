/** Bits of a trigram's number: few enough for short tokens, so many that two trigrams seldom share one. */
const NUMBER_BITS = 22;
const DIGITS = 36;
/** Code units of a trigram. */
export const TRIGRAM_LENGTH = 3;

/**
 * The numbers (base 36) of the trigrams of a folded text, each once: every three code units that follow each other. Two
 * trigrams may share a number, so a text that has all numbers of a needle need not have the needle.
 */
export function trigramsOf(folded: string): string[] {
  const numbers = new Set<number>();
  for (let at = 0; at + TRIGRAM_LENGTH <= folded.length; at++) {
    const first = Math.imul(folded.charCodeAt(at), 0x9e3779b1) ^ folded.charCodeAt(at + 1);
    const mixed = Math.imul(Math.imul(first, 0x85ebca6b) ^ folded.charCodeAt(at + 2), 0xc2b2ae35);
    numbers.add(mixed >>> (32 - NUMBER_BITS));
  }
  return Array.from(numbers, (number) => number.toString(DIGITS));
}
