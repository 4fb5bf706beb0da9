import { AlcoveError } from '../errors.ts';
import type { Database } from '../store/Database.ts';
import { deleteField, fieldHasValues, insertField, updateField } from '../store/fields.ts';
import { type FieldRow, fieldsOf, type LibraryRow } from '../store/libraries.ts';
import { deleteFieldValues, insertValues, metadataAfter } from '../store/values.ts';
import { checkText, invalidArgument, quote } from './checks.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_METADATA_FIELDS, METADATA_FIELD_NAME } from './limits.ts';
import { filterValues } from './metadata.ts';
import type { Metadata, MetadataField } from './types.ts';

/** Rows whose metadata is read at a time when a field becomes filterable. */
const REFILE_BATCH = 1_000;

/**
 * Declares fields, or redescribes those that exist. Returns how many declarations changed anything.
 * @throws AlcoveError InvalidArgumentError for bad or too many names, InvalidMetadataError for another type while
 *   values exist.
 */
export function declareFields(
  database: Database,
  library: LibraryRow,
  fields: readonly MetadataField[],
  path: readonly string[],
): number {
  const existing = new Map(fieldsOf(library).map((field) => [field.name, field]));
  const names = new Set(existing.keys());
  let changed = 0;
  for (const [index, field] of fields.entries()) {
    const fieldPath = [...path, String(index)];
    checkField(field, fieldPath);
    if (fields.findIndex((other) => other.name === field.name) < index) {
      throw invalidArgument('a field name', `${quote(field.name)} twice`, 'each field once', fieldPath);
    }
    names.add(field.name);
    const declared = { ...field, filterable: field.filterable ? 1 : 0 };
    const before = existing.get(field.name);
    if (before === undefined) {
      insertField(database, library.key, declared);
      changed += 1;
    } else if (redeclareField(database, library, before, { ...declared, key: before.key }, fieldPath)) {
      changed += 1;
    }
  }
  if (names.size > MAX_METADATA_FIELDS) {
    throw invalidArgument('metadata fields', names.size, `at most ${MAX_METADATA_FIELDS} of them`, path);
  }
  return changed;
}

/**
 * Removes fields with all of their values.
 * @throws AlcoveError InvalidArgumentError for a field that is not declared.
 */
export function removeFields(
  database: Database,
  library: LibraryRow,
  names: readonly string[],
): { readonly count: number; readonly bytes: number } {
  const fields = fieldsOf(library);
  let bytes = 0;
  for (const [index, name] of names.entries()) {
    const position = fields.findIndex((field) => field.name === name);
    const [field] = position < 0 ? [] : fields.splice(position, 1);
    if (field === undefined) {
      const expected = `one of the declared fields (${fields.map((other) => other.name).join(', ')})`;
      throw invalidArgument('a field to remove', quote(name), expected, [
        'removeMetadataFields',
        String(index),
      ]);
    }
    bytes += deleteField(database, library.key, field);
  }
  return { count: names.length, bytes };
}

/** Returns whether anything is different. */
function redeclareField(
  database: Database,
  library: LibraryRow,
  before: FieldRow,
  field: FieldRow,
  path: readonly string[],
): boolean {
  const retyped = before.type !== field.type;
  const refiled = before.filterable !== field.filterable;
  if (!retyped && !refiled && before.description === field.description) return false;
  if (retyped && fieldHasValues(database, library.key, field.name)) {
    throw new AlcoveError(
      'InvalidMetadataError',
      `Metadata field "${field.name}" got the type ${field.type}; it is ${before.type} and has values. Remove the ` +
        'field (and so its values) first, or declare one of another name.',
      { path: [...path, 'type'], detail: { field: field.name, got: field.type, expected: before.type } },
    );
  }
  updateField(database, field);
  if (refiled && field.filterable === 1) fileValues(database, library.key, field);
  if (refiled && field.filterable === 0) deleteFieldValues(database, field.key);
  return true;
}

/** Files the values that are in the metadata already, for a field that has become filterable, or whose values were lost. */
export function fileValues(database: Database, libraryKey: number, field: FieldRow): void {
  for (const owner of ['document', 'chunk'] as const) {
    let after = 0;
    for (;;) {
      const rows = metadataAfter(database, owner, libraryKey, after, REFILE_BATCH);
      for (const { key, metadata } of rows) {
        const values = JSON.parse(metadata) as Metadata;
        const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
        if (value !== undefined) insertValues(database, owner, key, filterValues(field, value));
        after = key;
      }
      if (rows.length < REFILE_BATCH) break;
    }
  }
}

function checkField(field: MetadataField, path: readonly string[]): void {
  if (!METADATA_FIELD_NAME.test(field.name)) {
    const expected = 'a letter or _, then up to 63 letters, digits or _';
    throw invalidArgument('the name of a metadata field', quote(field.name), expected, [...path, 'name']);
  }
  const limit = { maxLength: MAX_DESCRIPTION_LENGTH };
  checkText('a description', field.description ?? '', limit, [...path, 'description']);
}
