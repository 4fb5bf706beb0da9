import type { MetadataField as MetadataFieldShape } from '../library/types.ts';
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

/** A field as declared by an input. */
export function fieldFrom(input: typeof MetadataFieldInput.$inferInput): MetadataFieldShape {
  const { name, type, description, filterable } = input;
  return { name, type, description: description ?? null, filterable: filterable ?? true };
}
