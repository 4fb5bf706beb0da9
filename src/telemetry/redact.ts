import { AlcoveError } from '../errors.ts';

/** What may be logged of a value: the same without anything that belongs to a caller or is secret. */
export type Redact = (value: unknown) => unknown;

const SECRET = '[secret]';
/** What is shorter occurs in words of ours, and keeps nobody out. */
const MIN_SECRET_LENGTH = 4;
/** So many numbers in a row are taken for a vector. */
const VECTOR_LENGTH = 8;
/** Longer texts are cut: no event of ours needs more, stacks aside. */
const MAX_CHARACTERS = 1_000;
const MAX_ITEMS = 100;
const MAX_DEPTH = 6;

/** Fields that hold what nobody else may see, whatever they hold. */
const SECRET_FIELD = /(api_?key|authorization|password|secret|token|cookie)$/i;
/** What looks like a secret in any text: a header of authorization, a key of ours, a user and password in a URL. */
const LOOKS_SECRET: readonly (readonly [RegExp, string])[] = [
  [/\b(?:bearer|basic)\s+[\w.~+/=-]{6,}/gi, SECRET],
  [/\b(?:alcove|alc|ak)_[\w.-]{8,}/g, SECRET],
  [/(\/\/)[^/\s@]+@/g, `$1${SECRET}@`],
];
const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const NUMBERS = new RegExp(String.raw`(?:${NUMBER}\s*,\s*){${VECTOR_LENGTH - 1},}${NUMBER}`, 'gi');
/** What a text in Base64 could be: a vector, or a secret. */
const BASE64 = /[A-Za-z0-9+/]{64,}={0,2}/g;

/** Errors whose messages quote what was sent. Of these the name alone is logged, of an AlcoveError its kind too. */
const QUOTING = new Set(['SyntaxError', 'GraphQLError', 'ZodError', 'URIError']);

/** `secrets` are known: they are taken out of whatever they stand in. */
export function redactorOf(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH))];
  const inText = (text: string): string => {
    let shown = text;
    for (const secret of known) shown = shown.replaceAll(secret, SECRET);
    for (const [pattern, replacement] of LOOKS_SECRET) shown = shown.replaceAll(pattern, replacement);
    return shown.replaceAll(NUMBERS, '[numbers]').replaceAll(BASE64, '[bytes]');
  };
  const short = (text: string): string =>
    text.length <= MAX_CHARACTERS
      ? inText(text)
      : `${inText(text.slice(0, MAX_CHARACTERS))}… (${text.length} characters)`;
  const visit = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return short(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === MAX_DEPTH) return '[deeper]';
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Error) return describe(value, depth);
    if (Array.isArray(value)) return list(value, depth);
    return Object.fromEntries(
      Object.entries(value).map(([name, held]) => [
        name,
        SECRET_FIELD.test(name) && held !== undefined ? SECRET : visit(held, depth + 1),
      ]),
    );
  };
  const list = (values: readonly unknown[], depth: number): unknown => {
    const isVector = values.length >= VECTOR_LENGTH && values.every((value) => typeof value === 'number');
    if (isVector) return `[${values.length} numbers]`;
    return values.slice(0, MAX_ITEMS).map((value) => visit(value, depth + 1));
  };
  const describe = (error: Error, depth: number): unknown => {
    const isQuoting = error instanceof AlcoveError || QUOTING.has(error.name);
    const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    return {
      name: error.name,
      ...(error instanceof AlcoveError ? { kind: error.kind } : {}),
      ...(isQuoting ? {} : { message: short(error.message) }),
      stack: inText(frames.join('\n')),
      ...(error.cause === undefined ? {} : { cause: visit(error.cause, depth + 1) }),
    };
  };
  return (value) => visit(value, 0);
}
