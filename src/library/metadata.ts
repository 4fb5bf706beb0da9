import { AlcoveError } from '../errors.ts';
import type { FieldRow } from '../store/libraries.ts';
import type { FilterValue } from '../store/values.ts';
import { characterFlaw, quote } from './checks.ts';
import { formatDateTime, parseDateTime } from './dateTime.ts';
import { MAX_METADATA_BYTES, MAX_METADATA_LIST_LENGTH, MAX_METADATA_STRING_LENGTH } from './limits.ts';
import type { Metadata, MetadataType, MetadataValue } from './types.ts';

/** Metadata that has been checked: its canonical JSON, keys in order of declaration, and what filters compare. */
export interface CheckedMetadata {
  readonly json: string;
  readonly values: readonly FilterValue[];
}

const NO_METADATA: CheckedMetadata = { json: '{}', values: [] };
/** Stands for a list without values, so that `exists` finds it. */
const EMPTY_LIST = new Uint8Array(0);

/**
 * Checks metadata against the fields that the library declares and brings it into canonical form: date-times become
 * RFC 3339 in UTC with milliseconds.
 * @throws AlcoveError InvalidMetadataError naming the field, what was got and expected, and the declared fields.
 */
export function checkMetadata(
  fields: readonly FieldRow[],
  metadata: Metadata,
  path: readonly string[] = ['metadata'],
): CheckedMetadata {
  const names = Object.keys(metadata);
  if (names.length === 0) return NO_METADATA;
  for (const name of names) {
    if (!fields.some((field) => field.name === name)) throw undeclared(name, fields, path);
  }
  const canonical: Record<string, MetadataValue> = Object.create(null);
  const values: FilterValue[] = [];
  for (const field of fields) {
    if (!Object.hasOwn(metadata, field.name)) continue;
    const value = checkValue(field, metadata[field.name], fields, path);
    canonical[field.name] = value;
    if (field.filterable === 1) values.push(...filterValues(field, value));
  }
  const json = JSON.stringify(canonical);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_METADATA_BYTES) {
    throw new AlcoveError(
      'InvalidMetadataError',
      `Got ${bytes} bytes of metadata; expected at most ${MAX_METADATA_BYTES}.`,
      { path, detail: { got: bytes, expected: MAX_METADATA_BYTES } },
    );
  }
  return { json, values };
}

/** What filters compare of one checked value: see the comment on the tables in store/migrations.ts. */
export function filterValues(field: Pick<FieldRow, 'key' | 'type'>, value: MetadataValue): FilterValue[] {
  const fieldKey = field.key;
  if (typeof value === 'object') {
    if (value.length === 0) return [{ fieldKey, value: EMPTY_LIST }];
    return [...new Set(value)].map((item) => ({ fieldKey, value: item }));
  }
  if (typeof value === 'boolean') return [{ fieldKey, value: value ? 1 : 0 }];
  if (field.type === 'DATE_TIME') return [{ fieldKey, value: Date.parse(String(value)) }];
  return [{ fieldKey, value }];
}

const EXPECTED: Record<MetadataType, string> = {
  STRING: `text of at most ${MAX_METADATA_STRING_LENGTH} characters`,
  STRING_LIST: `a list of at most ${MAX_METADATA_LIST_LENGTH} texts of at most ${MAX_METADATA_STRING_LENGTH} characters`,
  NUMBER: 'a finite number',
  BOOLEAN: 'true or false',
  DATE_TIME: 'an RFC 3339 date-time such as "2026-01-31T12:00:00Z"',
};

function checkValue(
  field: FieldRow,
  value: unknown,
  fields: readonly FieldRow[],
  path: readonly string[],
): MetadataValue {
  const canonical = canonicalValue(field.type as MetadataType, value);
  if (canonical !== undefined) return canonical;
  const got = describe(value);
  const expected = EXPECTED[field.type as MetadataType];
  throw new AlcoveError(
    'InvalidMetadataError',
    `Metadata field "${field.name}" (${field.type}) got ${got}; expected ${expected}. ${declared(fields)}`,
    { path: [...path, field.name], detail: { field: field.name, got, expected } },
  );
}

/** The value as it is kept, or undefined if it is not of the type. */
function canonicalValue(type: MetadataType, value: unknown): MetadataValue | undefined {
  switch (type) {
    case 'STRING':
      return isText(value) ? value : undefined;
    case 'STRING_LIST':
      return Array.isArray(value) && value.length <= MAX_METADATA_LIST_LENGTH && value.every(isText)
        ? value
        : undefined;
    case 'NUMBER':
      // Adding zero turns −0, which JSON has no word for, into 0.
      return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'DATE_TIME': {
      const ms = typeof value === 'string' ? parseDateTime(value) : undefined;
      return ms === undefined ? undefined : formatDateTime(ms);
    }
  }
}

function isText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_METADATA_STRING_LENGTH &&
    characterFlaw(value) === undefined
  );
}

/** A value as an error shows it: short, and with what cannot be seen in it named. */
function describe(value: unknown): string {
  if (typeof value === 'string') {
    const flaw = characterFlaw(value);
    if (flaw !== undefined) return `a text with ${flaw}`;
    return value.length > MAX_METADATA_STRING_LENGTH ? `${value.length} characters` : quote(value);
  }
  if (Array.isArray(value)) {
    const odd = value.find((item) => !isText(item));
    return odd === undefined ? `a list of ${value.length}` : `a list with ${describe(odd)}`;
  }
  return value === null || typeof value !== 'object' ? String(value) : 'an object';
}

function undeclared(name: string, fields: readonly FieldRow[], path: readonly string[]): AlcoveError {
  const got = quote(name);
  return new AlcoveError(
    'InvalidMetadataError',
    `Metadata field ${got} is not declared. ${declared(fields)} Declare it with updateLibrary first.`,
    { path: [...path, name], detail: { field: name, got, expected: fieldList(fields) } },
  );
}

function declared(fields: readonly FieldRow[]): string {
  return fields.length === 0 ? 'The library declares no fields.' : `Declared fields: ${fieldList(fields)}.`;
}

function fieldList(fields: readonly FieldRow[]): string {
  return fields.map((field) => `${field.name} (${field.type})`).join(', ');
}
