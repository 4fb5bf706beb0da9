import { AlcoveError } from '../errors.ts';
import type { Metadata } from './types.ts';

/**
 * A metadata map as it came in, nothing deeper than a list of values in it. Whether it fits the fields that the library
 * declares is the library's to say.
 * @throws AlcoveError InvalidMetadataError
 */
export function metadataFrom(input: unknown): Metadata {
  if (input === null || input === undefined) return {};
  if (typeof input !== 'object' || Array.isArray(input)) {
    throw invalidMetadata(kindOf(input), 'a map of fields to values', null);
  }
  for (const [field, value] of Object.entries(input)) {
    const deepest = Array.isArray(value) ? value.find(isNested) : value;
    if (isNested(deepest))
      throw invalidMetadata(kindOf(deepest), 'text, number, boolean or list of text', field);
  }
  return input as Metadata;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : isNested(value) ? 'a map' : `a ${typeof value}`;
}

function invalidMetadata(got: string, expected: string, field: string | null): AlcoveError {
  const where =
    field === null ? 'as metadata' : `in the metadata field ${JSON.stringify(field.slice(0, 64))}`;
  return new AlcoveError('InvalidMetadataError', `Got ${got} ${where}; expected ${expected}.`, {
    path: field === null ? ['metadata'] : ['metadata', field],
    detail: { field, got, expected },
  });
}
