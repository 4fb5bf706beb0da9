import type { Predicate, Scalar, Test } from '../../store/predicate.ts';
import {
  every,
  type FilterReading,
  givenKeys,
  invalidFilter,
  listOf,
  MAX_FILTER_STRING,
  NONE,
  onlyKey,
  type Path,
  unknownKey,
  wrongType,
} from './FilterReading.ts';

/** What a comparison is about, once its test is known. */
export type About = (test: Test) => Predicate;

/** Reads the comparisons of one leaf of a filter, such as `{ gte: 3, lt: 9 }`. */
export type ReadLeaf = (reading: FilterReading, value: unknown, path: Path, about: About) => Predicate;

export const readId: ReadLeaf = (reading, value, path, about) => {
  const [key, given] = onlyKey(value, path);
  const at = [...path, key];
  if (key === 'eq') return about({ op: 'eq', value: readString(given, at) });
  if (key === 'in') return anyOf(reading, given, at, readString, about);
  throw unknownKey(key, ['eq', 'in'], path);
};

export const readText: ReadLeaf = (reading, value, path, about) => {
  const [key, given] = onlyKey(value, path);
  const at = [...path, key];
  switch (key) {
    case 'eq':
    case 'ne':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return about({ op: key, value: readString(given, at) });
    case 'in':
      return anyOf(reading, given, at, readString, about);
    default:
      throw unknownKey(key, ['eq', 'ne', 'in', 'contains', 'startsWith', 'endsWith'], path);
  }
};

export const readNumber: ReadLeaf = (reading, value, path, about) =>
  readComparisons(reading, value, path, about, ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte']);

export const readDateTime: ReadLeaf = (reading, value, path, about) =>
  readComparisons(reading, value, path, about, ['eq', 'gt', 'gte', 'lt', 'lte']);

/** `containsAny` of nothing matches nothing; `containsAll` of nothing matches wherever the list exists. */
export const readList: ReadLeaf = (reading, value, path, about) => {
  const [key, given] = onlyKey(value, path);
  if (key !== 'containsAny' && key !== 'containsAll') {
    throw unknownKey(key, ['containsAny', 'containsAll'], path);
  }
  const values = readValues(reading, given, [...path, key], readString);
  if (values.length > 0) return about({ op: key, values });
  return key === 'containsAny' ? NONE : about({ op: 'exists', value: true });
};

export const readBoolean: ReadLeaf = (_reading, value, path, about) =>
  about({ op: 'eq', value: readTruth(value, path) ? 1 : 0 });

export const readExists: ReadLeaf = (_reading, value, path, about) =>
  about({ op: 'exists', value: readTruth(value, path) });

/** All of the comparisons that are given must hold. */
function readComparisons(
  reading: FilterReading,
  value: unknown,
  path: Path,
  about: About,
  keys: readonly ('eq' | 'ne' | 'in' | 'gt' | 'gte' | 'lt' | 'lte')[],
): Predicate {
  const parts = givenKeys(value, path).map(([given, operand]) => {
    const key = keys.find((known) => known === given);
    if (key === undefined) throw unknownKey(given, keys, path);
    const at = [...path, key];
    reading.condition(at, 0);
    if (key === 'in') return anyOf(reading, operand, at, readFinite, about);
    return about({ op: key, value: readFinite(operand, at) });
  });
  return every(parts);
}

/** `in` of nothing matches nothing. */
function anyOf<Value extends Scalar>(
  reading: FilterReading,
  value: unknown,
  path: Path,
  read: (value: unknown, path: Path) => Value,
  about: About,
): Predicate {
  const values = readValues(reading, value, path, read);
  return values.length === 0 ? NONE : about({ op: 'in', values });
}

function readValues<Value>(
  reading: FilterReading,
  value: unknown,
  path: Path,
  read: (value: unknown, path: Path) => Value,
): Value[] {
  const values = listOf(value, path);
  reading.values(values.length, path);
  return values.map((item, at) => read(item, [...path, String(at)]));
}

function readString(value: unknown, path: Path): string {
  if (typeof value !== 'string') throw wrongType(value, 'a string', path);
  if (value.length > MAX_FILTER_STRING) {
    throw invalidFilter(
      `Got a string of ${value.length} characters; expected at most ${MAX_FILTER_STRING}.`,
      path,
      { got: value.length, expected: MAX_FILTER_STRING },
    );
  }
  if (value.includes('\0') || !value.isWellFormed()) {
    throw invalidFilter('Got a string with a NUL or half a surrogate pair; expected Unicode text.', path, {
      got: 'not text',
      expected: 'Unicode text',
    });
  }
  return value;
}

function readFinite(value: unknown, path: Path): number {
  if (typeof value !== 'number') throw wrongType(value, 'a number', path);
  if (Number.isFinite(value)) return value;
  throw invalidFilter(`Got ${value}; expected a finite number.`, path, {
    got: String(value),
    expected: 'a finite number',
  });
}

function readTruth(value: unknown, path: Path): boolean {
  if (typeof value !== 'boolean') throw wrongType(value, 'true or false', path);
  return value;
}
