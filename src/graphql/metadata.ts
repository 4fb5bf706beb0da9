import { AlcoveError } from '../errors.ts';
import type { Metadata, MetadataField as MetadataFieldShape } from '../library/types.ts';
import { builder } from './builder.ts';

export const MetadataType = builder.enumType('MetadataType', {
  description: "A metadata field's type.",
  values: {
    STRING: { description: 'Text. Example: `"English"`' },
    STRING_LIST: { description: 'A list of texts. Example: `["search", "vectors"]`' },
    NUMBER: { description: 'A number. Example: `2026`' },
    BOOLEAN: { description: 'True or false. Example: `true`' },
    DATE_TIME: { description: 'A moment, as RFC 3339 text. Example: `"2026-01-31T08:30:00Z"`' },
  },
});

export const MetadataField = builder.objectRef<MetadataFieldShape>('MetadataField').implement({
  description: `A field that documents and chunks of a library may have in their metadata. Fields are data: declaring one changes nothing
in this schema.`,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The key in the metadata map. Example: `"year"`' }),
    type: t.expose('type', { type: MetadataType, description: 'What its values are. Example: `NUMBER`' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it means. Example: `"Year of publication"`',
    }),
    filterable: t.exposeBoolean('filterable', { description: 'Whether filters may name it.' }),
  }),
});

export const MetadataFieldInput = builder.inputType('MetadataFieldInput', {
  description: 'A metadata field to declare. Example: `{ name: "year", type: NUMBER }`',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'The key in the metadata map: a letter, then letters, digits and `_`. Example: `"year"`',
    }),
    type: t.field({
      type: MetadataType,
      required: true,
      description: 'What its values are. Example: `NUMBER`',
    }),
    description: t.string({ description: 'What it means. Example: `"Year of publication"`' }),
    filterable: t.boolean({
      defaultValue: true,
      description: 'Whether filters may name it. Example: `false` for a value that is only to be read back',
    }),
  }),
});

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

/** A field as declared by an input. */
export function fieldFrom(input: typeof MetadataFieldInput.$inferInput): MetadataFieldShape {
  const { name, type, description, filterable } = input;
  return { name, type, description: description ?? null, filterable: filterable ?? true };
}
