import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLScalarType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Choice } from './Choice.ts';
import type { Known } from './Known.ts';
import { STRANGE_NUMBERS, STRANGE_TEXTS, STRANGE_VALUES } from './strange.ts';

/** How often a value is one that does not fit its type. */
const MISFIT = 0.004;
/** How often a text or number is a strange one of its type. */
const STRANGE = 0.12;
const DIMENSION = 4;
/** Input objects inside one another; beyond, only what must be there is. */
const MAX_DEPTH = 6;

const WORDS =
  'alpha beta gamma recall vector index library chunk search filter segment reader writer tombstone graph walk'.split(
    ' ',
  );
const FIELD_NAMES = ['year', 'tags', 'name', 'published', 'open', 'missing'];
const CONTENT_TYPES = [
  'text/plain',
  'text/markdown',
  'text/html',
  'text/csv',
  'application/x-ndjson',
  'image/png',
];
/** Numbers that are usual for what a field is called. */
const USUAL: Readonly<Record<string, readonly number[]>> = {
  first: [1, 2, 10],
  last: [1, 5],
  k: [1, 3, 10],
  depth: [1, 10, 50],
  timeoutMs: [50, 200, 1_000],
  dimension: [DIMENSION, DIMENSION, 3],
  m: [4, 16],
  efConstruction: [16, 40],
  effort: [1, 20],
  recall: [0.5, 0.9, 1],
  minRecall: [0, 0.5],
  lambda: [0, 0.5, 1],
  size: [16, 50, 200],
  maxSize: [50, 400],
  overlap: [0, 8],
};

/** Writes values for the input types of a schema: most of them good, some at the edge, a few beyond it. */
export class ValueWriter {
  readonly #choice: Choice;
  readonly #known: Known;

  constructor(choice: Choice, known: Known) {
    this.#choice = choice;
    this.#known = known;
  }

  /** A value for `type`, which is called `name` where it is asked for, inside the input type `owner`. */
  value(type: GraphQLInputType, name: string, owner = '', depth = 0): unknown {
    const choice = this.#choice;
    if (choice.chance(MISFIT)) return choice.from(STRANGE_VALUES);
    if (isNonNullType(type)) return this.value(type.ofType, name, owner, depth);
    if (isListType(type)) {
      const length =
        depth > MAX_DEPTH
          ? 0
          : choice.weighted([
              [6, 1],
              [3, 2],
              [1, 0],
              [1, 5],
              [0.05, 60],
            ]);
      return Array.from({ length }, () => this.value(type.ofType, name, owner, depth + 1));
    }
    if (isEnumType(type)) return choice.from(type.getValues()).name;
    if (isInputObjectType(type)) return this.#object(type, depth);
    return this.#scalar(type, name, owner);
  }

  #object(type: GraphQLInputObjectType, depth: number): Record<string, unknown> {
    const choice = this.#choice;
    const fields = Object.values(type.getFields());
    const isRecursive = (name: string) => ['and', 'or', 'not'].includes(name);
    const chosen = type.isOneOf
      ? [choice.from(fields)]
      : fields.filter(
          (field) =>
            (isNonNullType(field.type) && field.defaultValue === undefined) ||
            (depth <= MAX_DEPTH && choice.chance(isRecursive(field.name) ? 0.08 : depth > 2 ? 0.2 : 0.3)),
        );
    const extra = type.isOneOf && choice.chance(0.01) ? [choice.from(fields)] : [];
    return Object.fromEntries(
      [...chosen, ...extra].map((field) => [
        field.name,
        !isNonNullType(field.type) && choice.chance(0.02)
          ? null
          : this.value(field.type, field.name, type.name, depth + 1),
      ]),
    );
  }

  #scalar(type: GraphQLScalarType, name: string, owner: string): unknown {
    const choice = this.#choice;
    switch (type.name) {
      case 'Boolean':
        return choice.chance(0.5);
      case 'Int':
      case 'Float':
        return this.#number(name, type.name === 'Int');
      case 'Vector':
        return this.#vector();
      case 'JSON':
        return this.#metadata();
      case 'DateTime':
        return this.#text(() => new Date(1.7e12 + choice.below(1e9)).toISOString());
      case 'Revision':
        return this.#text(() => this.#known.any('revision', choice));
      case 'Upload':
        return null;
      case 'ID':
        return this.#text(() => this.#id(name, owner));
      default:
        return this.#text(() => this.#string(name, owner));
    }
  }

  #text(usual: () => string): string {
    return this.#choice.chance(STRANGE / 3) ? this.#choice.from(STRANGE_TEXTS) : usual();
  }

  #number(name: string, isWhole: boolean): number {
    const choice = this.#choice;
    if (choice.chance(STRANGE)) {
      const strange = choice.from(STRANGE_NUMBERS);
      return isWhole && choice.chance(0.8)
        ? Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, strange)))
        : strange;
    }
    const usual = USUAL[name];
    return usual ? choice.from(usual) : choice.below(20);
  }

  #vector(): unknown {
    const choice = this.#choice;
    const length = choice.weighted([
      [20, DIMENSION],
      [1, 0],
      [1, 3],
      [1, 33],
      [0.1, 16_384],
      [0.1, 16_385],
    ]);
    const values = Array.from({ length }, () =>
      choice.chance(0.01) ? choice.from(STRANGE_NUMBERS) : choice.below(2_001) / 1_000 - 1,
    );
    if (choice.chance(0.5)) return choice.chance(0.01) ? [...values, choice.from(STRANGE_VALUES)] : values;
    const floats = Float32Array.from(values);
    if (length > 0 && choice.chance(0.03))
      floats[0] = choice.from([Number.NaN, Infinity, -Infinity, 3e38, 1e-40]);
    const base64 = Buffer.from(floats.buffer).toString('base64');
    return choice.chance(0.03) ? base64.slice(choice.below(4)) : base64;
  }

  #metadata(): unknown {
    const choice = this.#choice;
    const values: Readonly<Record<string, () => unknown>> = {
      year: () => this.#number('year', false),
      tags: () => choice.some(WORDS, 2),
      name: () => choice.from(WORDS),
      published: () => '2026-01-31T08:30:00Z',
      open: () => choice.chance(0.5),
      missing: () => choice.from(STRANGE_VALUES),
    };
    return Object.fromEntries(
      choice
        .some(FIELD_NAMES.slice(0, choice.chance(0.9) ? 5 : 6), 2)
        .map((field) => [
          field,
          choice.chance(0.05) ? choice.from([...STRANGE_VALUES, ...STRANGE_TEXTS]) : values[field]?.(),
        ]),
    );
  }

  #id(name: string, owner: string): string {
    const choice = this.#choice;
    const known = this.#known;
    const kind = (() => {
      if (name === 'documentId' || name === 'document' || /Document/.test(owner)) return 'doc';
      if (/Library/.test(owner)) return 'lib';
      if (/Job/.test(owner) || name === 'jobId') return 'job';
      if (/Chunk/.test(owner) || name === 'chunk' || name === 'ids') return 'chk';
      return choice.from(['lib', 'doc', 'chk', 'job', 'fil'] as const);
    })();
    return known.any(
      choice.chance(0.03) ? choice.from(['lib', 'doc', 'chk', 'job', 'fil'] as const) : kind,
      choice,
    );
  }

  #string(name: string, owner: string): string {
    const choice = this.#choice;
    switch (name) {
      case 'name':
        if (/Field/.test(owner)) return choice.from(FIELD_NAMES);
        return this.#known.any('libraryName', choice);
      case 'field':
      case 'removeMetadataFields':
        return choice.from(FIELD_NAMES);
      case 'after':
      case 'before':
        return this.#known.any('cursor', choice);
      case 'idempotencyKey':
        return `key-${choice.below(500)}`;
      case 'contentType':
        return choice.from(CONTENT_TYPES);
      case 'model':
        return choice.from(['builtin-1', 'test', 'all-MiniLM-L6-v2', 'rerank-v3.5', '../../x']);
      case 'sha256':
        return 'ab'.repeat(32);
      case 'urls':
      case 'sourceUrl':
        return choice.from(['https://example.com/a.md', 'file:///etc/passwd', 'http://127.0.0.1:9/', 'x']);
      default:
        return Array.from({ length: 1 + choice.below(6) }, () => choice.from(WORDS)).join(' ');
    }
  }
}

/** A value as it is written in a document, enums without quotes where the type says that they are enums. */
export function literal(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (Array.isArray(value)) {
    const item = isListType(type) ? type.ofType : type;
    return `[${value.map((each) => literal(each, item)).join(', ')}]`;
  }
  if (isListType(type)) return literal(value, type.ofType);
  if (isEnumType(type) && typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    const fields = isInputObjectType(type) ? type.getFields() : {};
    return `{${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(each, fields[name]?.type ?? type)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
