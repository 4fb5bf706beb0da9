import { builder } from './builder.ts';

export const LibraryBy = builder.inputType('LibraryBy', {
  description: 'A library, by its id or by its name. Example: `{ name: "manuals" }`',
  isOneOf: true as const,
  fields: (t) => ({
    id: t.id({ description: 'Its id, which never changes. Example: `"lib_manuals"`' }),
    name: t.string({ description: 'Its name, exactly. Example: `"manuals"`' }),
  }),
});
