import { AlcoveError } from '../errors.ts';

const MAX_QUOTED_LENGTH = 60;

/** A caller's text as an error shows it: in quotes, cut short, what cannot be seen escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text);
}

/** A refusal of one argument: what was got, what was expected, and where. */
export function invalidArgument(
  what: string,
  got: string | number,
  expected: string,
  path: readonly string[],
): AlcoveError {
  return new AlcoveError('InvalidArgumentError', `Got ${got} as ${what}; expected ${expected}.`, {
    path,
    detail: { got, expected },
  });
}

/**
 * Checks a text that is stored: bounded, well-formed Unicode, no NUL (SQLite's own functions would stop at it).
 * @throws AlcoveError InvalidArgumentError
 */
export function checkText(
  what: string,
  text: string,
  limit: { readonly minLength?: number; readonly maxLength: number },
  path: readonly string[],
): void {
  const { minLength = 0, maxLength } = limit;
  if (text.length < minLength || text.length > maxLength) {
    const expected = `${minLength} to ${maxLength} characters`;
    throw invalidArgument(what, `${text.length} characters`, expected, path);
  }
  checkCharacters(what, text, path);
}

/** @throws AlcoveError InvalidArgumentError for lone surrogates and NUL. */
export function checkCharacters(what: string, text: string, path: readonly string[]): void {
  const flaw = characterFlaw(text);
  if (flaw !== undefined)
    throw invalidArgument(what, `a text with ${flaw}`, 'well-formed Unicode text', path);
}

/** What keeps a text from being stored as it is, or undefined. */
export function characterFlaw(text: string): string | undefined {
  if (text.includes('\0')) return 'a NUL character';
  if (!text.isWellFormed()) return 'half of a surrogate pair';
  return undefined;
}

/** @throws AlcoveError InvalidArgumentError unless `value` is a whole number from `min` to `max`. */
export function checkWholeNumber(
  what: string,
  value: number,
  range: { readonly min: number; readonly max: number },
  path: readonly string[],
): void {
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return;
  throw invalidArgument(what, value, `a whole number from ${range.min} to ${range.max}`, path);
}
