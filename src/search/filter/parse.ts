import type { AlcoveError } from '../../errors.ts';
import type { MetadataField, MetadataType } from '../../library/types.ts';
import type { ChunkColumn, DocumentColumn, Predicate } from '../../store/predicate.ts';
import {
  every,
  FilterReading,
  givenKeys,
  invalidFilter,
  listOf,
  onlyKey,
  type Path,
  unknownKey,
  wrongType,
} from './FilterReading.ts';
import type { ChunkFilterInput, DocumentFilterInput } from './input.ts';
import {
  type About,
  type ReadLeaf,
  readBoolean,
  readDateTime,
  readExists,
  readId,
  readList,
  readNumber,
  readText,
} from './tests.ts';

/**
 * Checks a filter over chunks against its library's declared fields.
 *
 * What is left out sets no condition, so `{}` and `and: []` match everything; `or: []` and `in: []` match nothing. An
 * explicit null is refused, lest a variable that was forgotten should widen a search, or a deletion.
 *
 * @throws AlcoveError InvalidFilterError, its path from the filter inwards, its detail { field?, got, expected }: a
 *   field that is not declared or not filterable, a wrong type, a key too many or too few, or more than the limits of
 *   FilterReading.
 */
export function parseChunkFilter(filter: ChunkFilterInput, fields: readonly MetadataField[]): Predicate {
  return new FilterParser(fields).parse('chunk', filter, [], 1);
}

/** The same for documents. The predicate can be asked of documents, and of chunks about their documents. */
export function parseDocumentFilter(
  filter: DocumentFilterInput,
  fields: readonly MetadataField[],
): Predicate {
  return new FilterParser(fields).parse('document', filter, [], 1);
}

type Of = 'chunk' | 'document';

const CHUNK_COLUMNS: Readonly<Record<ChunkColumn, ReadLeaf>> = {
  id: readId,
  text: readText,
  position: readNumber,
  page: readNumber,
  headings: readList,
  createdAt: readDateTime,
  updatedAt: readDateTime,
};
const DOCUMENT_COLUMNS: Readonly<Record<DocumentColumn, ReadLeaf>> = {
  id: readId,
  title: readText,
  author: readText,
  sourceUrl: readText,
  contentType: readText,
  createdAt: readDateTime,
  updatedAt: readDateTime,
};

/** Under which key a field of each type is compared, and how. `exists` goes with all of them. */
const METADATA_TESTS: Readonly<Record<MetadataType, { readonly key: string; readonly read: ReadLeaf }>> = {
  STRING: { key: 'string', read: readText },
  STRING_LIST: { key: 'list', read: readList },
  NUMBER: { key: 'number', read: readNumber },
  BOOLEAN: { key: 'boolean', read: readBoolean },
  DATE_TIME: { key: 'dateTime', read: readDateTime },
};

class FilterParser {
  readonly #fields: readonly MetadataField[];
  readonly #reading = new FilterReading();

  constructor(fields: readonly MetadataField[]) {
    this.#fields = fields;
  }

  parse(of: Of, filter: unknown, path: Path, depth: number): Predicate {
    this.#reading.condition(path, depth);
    return every(
      givenKeys(filter, path).map(([key, value]) => this.#part(of, key, value, [...path, key], depth)),
    );
  }

  #part(of: Of, key: string, value: unknown, path: Path, depth: number): Predicate {
    switch (key) {
      case 'and':
        return { kind: 'and', all: this.#parts(of, value, path, depth) };
      case 'or':
        return { kind: 'or', any: this.#parts(of, value, path, depth) };
      case 'not':
        return { kind: 'not', that: this.parse(of, value, path, depth + 1) };
      case 'metadata':
        return every(
          listOf(value, path).map((item, at) => this.#metadata(of, item, [...path, String(at)], depth)),
        );
      default:
        if (key === 'document' && of === 'chunk') return this.parse('document', value, path, depth + 1);
        return this.#column(of, key, value, path);
    }
  }

  #parts(of: Of, value: unknown, path: Path, depth: number): Predicate[] {
    return listOf(value, path).map((item, at) => this.parse(of, item, [...path, String(at)], depth + 1));
  }

  #column(of: Of, key: string, value: unknown, path: Path): Predicate {
    this.#reading.condition(path, 0);
    if (of === 'chunk' && isKeyOf(CHUNK_COLUMNS, key)) {
      return CHUNK_COLUMNS[key](this.#reading, value, path, (test) => ({ kind: 'chunk', column: key, test }));
    }
    if (of === 'document' && isKeyOf(DOCUMENT_COLUMNS, key)) {
      const about: About = (test) => ({ kind: 'document', column: key, test });
      return DOCUMENT_COLUMNS[key](this.#reading, value, path, about);
    }
    const columns =
      of === 'chunk' ? [...Object.keys(CHUNK_COLUMNS), 'document'] : Object.keys(DOCUMENT_COLUMNS);
    throw unknownKey(key, ['and', 'or', 'not', ...columns, 'metadata'], path.slice(0, -1));
  }

  #metadata(of: Of, item: unknown, path: Path, depth: number): Predicate {
    this.#reading.condition(path, depth);
    const keys = new Map(givenKeys(item, path));
    for (const key of keys.keys()) {
      if (key !== 'field' && key !== 'is') throw unknownKey(key, ['field', 'is'], path);
    }
    const field = this.#field(keys.get('field'), [...path, 'field']);
    const [key, value] = onlyKey(keys.get('is'), [...path, 'is']);
    const { key: typeKey, read } = METADATA_TESTS[field.type];
    if (key !== typeKey && key !== 'exists') throw wrongFieldType(field, key, typeKey, [...path, 'is', key]);
    const readTest = key === 'exists' ? readExists : read;
    return readTest(this.#reading, value, [...path, 'is', key], (test) => ({
      kind: 'metadata',
      of,
      field: field.name,
      test,
    }));
  }

  #field(name: unknown, path: Path): MetadataField {
    if (typeof name !== 'string') throw wrongType(name, 'the name of a declared field', path);
    const field = this.#fields.find((declared) => declared.name === name);
    if (!field) throw this.#undeclared(name, path);
    if (!field.filterable) {
      throw invalidFilter(
        `The field ${JSON.stringify(name)} is declared with filterable: false; ${this.#expectation()}.`,
        path,
        { field: name, got: 'a field that is not filterable', expected: this.#filterable() },
      );
    }
    return field;
  }

  #undeclared(name: string, path: Path): AlcoveError {
    const shown = name.slice(0, 64);
    return invalidFilter(
      `The library declares no metadata field ${JSON.stringify(shown)}; ${this.#expectation()}.`,
      path,
      { field: shown, got: shown, expected: this.#filterable() },
    );
  }

  #expectation(): string {
    const names = this.#filterable();
    return names === '' ? 'it has no fields to filter by' : `expected one of ${names}`;
  }

  #filterable(): string {
    const fields = this.#fields.filter(({ filterable }) => filterable);
    return fields.map(({ name, type }) => `${name} (${type})`).join(', ');
  }
}

function wrongFieldType(field: MetadataField, got: string, expected: string, path: Path): AlcoveError {
  return invalidFilter(
    `The field ${JSON.stringify(field.name)} has the type ${field.type}: got the key \`${got}\`; ` +
      `expected \`${expected}\` or \`exists\`.`,
    path,
    { field: field.name, got, expected },
  );
}

function isKeyOf<Key extends string>(columns: Readonly<Record<Key, unknown>>, key: string): key is Key {
  return Object.hasOwn(columns, key);
}
