import { AlcoveError } from '../errors.ts';

/** What may be logged of a value: the same without anything that belongs to a caller or is secret. */
export type Redact = (value: unknown) => unknown;

/** What is replaced in texts that have `needs` in them: most have not, and are not searched. */
interface Pattern {
  readonly needs: string;
  readonly matches: RegExp;
  readonly shown: string;
}

const SECRET = '[secret]';
/** What is shorter occurs in words of ours, and keeps nobody out. */
const MIN_SECRET_LENGTH = 4;
/** So many numbers in a row are taken for a vector. */
const VECTOR_LENGTH = 8;
/** Longer texts are cut: no event of ours needs more, stacks aside. */
const MAX_CHARACTERS = 1_000;
/** Of a key of ours, and of most others. */
const MAX_KEY_LENGTH = 256;
const MAX_ITEMS = 100;
const MAX_DEPTH = 6;

/** Fields that hold what nobody else may see, whatever they hold. */
const SECRET_FIELD = /(api_?key|authorization|password|secret|token|cookie)$/i;
/** What looks like a secret in any text: a header of authorization, a key of ours (of which the id may be seen), a user and password in a URL. */
const LOOKS_SECRET: readonly Pattern[] = [
  { needs: ' ', matches: /\b(?:bearer|basic)\s+[\w.~+/=-]{6,}/gi, shown: SECRET },
  { needs: 'alcove_', matches: /(alcove_[0-9a-z]{12}_)[\w-]+/g, shown: `$1${SECRET}` },
  { needs: '@', matches: /(\/\/)[^/\s@]+@/g, shown: `$1${SECRET}@` },
];
const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const NUMBERS = new RegExp(String.raw`(?:${NUMBER}\s*,\s*){${VECTOR_LENGTH - 1},}${NUMBER}`, 'gi');
/** What a text in Base64 could be: a vector, or a secret. */
const BASE64 = /[A-Za-z0-9+/]{64,}={0,2}/g;
const MIN_BASE64_LENGTH = 64;

/** Errors whose messages quote what was sent. Of these the name alone is logged, of an AlcoveError its kind too. */
const QUOTING = new Set(['SyntaxError', 'GraphQLError', 'ZodError', 'URIError']);

/** `secrets` are known: they are taken out of whatever they stand in. */
export function redactorOf(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH))];
  const inText = (text: string): string => {
    let shown = text;
    for (const secret of known) shown = shown.replaceAll(secret, SECRET);
    for (const { needs, matches, shown: instead } of LOOKS_SECRET)
      if (shown.includes(needs)) shown = shown.replaceAll(matches, instead);
    if (shown.includes(',')) shown = shown.replaceAll(NUMBERS, '[numbers]');
    return shown.length < MIN_BASE64_LENGTH ? shown : shown.replaceAll(BASE64, '[bytes]');
  };
  // Cut after it has been searched: half a secret would not be known for one.
  const margin = Math.max(MAX_KEY_LENGTH, ...known.map(({ length }) => length));
  const short = (text: string): string => {
    if (text.length <= MAX_CHARACTERS) return inText(text);
    const shown = inText(text.slice(0, MAX_CHARACTERS + margin)).slice(0, MAX_CHARACTERS);
    return `${shown}… (${text.length} characters)`;
  };
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
