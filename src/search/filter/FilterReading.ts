import { AlcoveError, type ErrorDetail } from '../../errors.ts';
import type { Predicate } from '../../store/predicate.ts';

/** How deep `and`, `or`, `not` and `document` may nest. */
export const MAX_FILTER_DEPTH = 32;
/** Filter objects and the comparisons in them. */
export const MAX_FILTER_CONDITIONS = 1_000;
/** Values of all the filter's lists (`in`, `containsAny`, `containsAll`) together. */
export const MAX_FILTER_VALUES = 10_000;
/** The longest string to compare with, in UTF-16 code units. */
export const MAX_FILTER_STRING = 8_192;

/** A place in the filter, from the outside in: `['and', '0', 'position']`. */
export type Path = readonly string[];

export const NONE: Predicate = { kind: 'or', any: [] };

/** What has been read of one filter so far, against what a filter may be. */
export class FilterReading {
  #conditions = 0;
  #values = 0;

  /** Counts one filter object or comparison. @throws AlcoveError InvalidFilterError past the limits. */
  condition(path: Path, depth: number): void {
    if (depth > MAX_FILTER_DEPTH) throw tooMuch('levels deep', MAX_FILTER_DEPTH, path);
    if (++this.#conditions > MAX_FILTER_CONDITIONS) throw tooMuch('conditions', MAX_FILTER_CONDITIONS, path);
  }

  /** Counts a list's values. @throws AlcoveError InvalidFilterError past the limit. */
  values(count: number, path: Path): void {
    this.#values += count;
    if (this.#values > MAX_FILTER_VALUES) throw tooMuch('values in its lists', MAX_FILTER_VALUES, path);
  }
}

/** The predicate under which every one of `parts` holds. */
export function every(parts: readonly Predicate[]): Predicate {
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: 'and', all: parts };
}

/** The keys of a filter object that are there. Null is refused: it would say "no condition" where one was meant. */
export function givenKeys(value: unknown, path: Path): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(value, 'an object', path);
  }
  const entries = Object.entries(value).filter(([, given]) => given !== undefined);
  const empty = entries.find(([, given]) => given === null);
  if (empty) {
    throw invalidFilter(
      `Got null for ${JSON.stringify(empty[0])}; expected a value. Leave the key out to set no condition, or ask ` +
        'for values that are absent with `exists: false`.',
      [...path, empty[0]],
      { got: 'null', expected: 'a value' },
    );
  }
  return entries;
}

/** The one key of a `@oneOf` object. */
export function onlyKey(value: unknown, path: Path): [string, unknown] {
  const keys = givenKeys(value, path);
  const [only] = keys;
  if (only && keys.length === 1) return only;
  const got = keys.length === 0 ? 'none' : keys.map(([key]) => key).join(', ');
  throw invalidFilter(`Got the keys ${got}; expected exactly one.`, path, {
    got,
    expected: 'exactly one key',
  });
}

export function listOf(value: unknown, path: Path): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(value, 'a list', path);
  return value;
}

export function unknownKey(key: string, known: readonly string[], path: Path): AlcoveError {
  const expected = known.join(', ');
  const message = `Got the unknown key ${JSON.stringify(key)}; expected one of ${expected}.`;
  return invalidFilter(message, [...path, key], { got: key, expected });
}

export function wrongType(value: unknown, expected: string, path: Path): AlcoveError {
  const got = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  return invalidFilter(`Got ${got}; expected ${expected}.`, path, { got, expected });
}

export function invalidFilter(message: string, path: Path, detail: ErrorDetail): AlcoveError {
  return new AlcoveError('InvalidFilterError', message, { path, detail });
}

function tooMuch(what: string, limit: number, path: Path): AlcoveError {
  return invalidFilter(
    `The filter is too large: got more than ${limit} ${what}, which is the most that is allowed.`,
    path,
    { got: `more than ${limit} ${what}`, expected: `at most ${limit}` },
  );
}
