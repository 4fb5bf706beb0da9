import { builder } from './builder.ts';

const DocumentOrderField = builder.enumType('DocumentOrderField', {
  description: 'What documents can be ordered by.',
  values: {
    CREATED_AT: { description: 'When they were created.' },
    UPDATED_AT: { description: 'When they were last changed.' },
    TITLE: { description: 'Their title, by code point.' },
  },
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'From which end an order goes.',
  values: {
    ASC: { description: 'Smallest, oldest, A first.' },
    DESC: { description: 'Greatest, newest, Z first.' },
  },
});

export const DocumentOrder = builder.inputType('DocumentOrder', {
  description: 'An order of documents. Example: `{ field: UPDATED_AT, direction: DESC }`',
  fields: (t) => ({
    field: t.field({ type: DocumentOrderField, required: true, description: 'By what. Example: `TITLE`' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      description: 'From which end. Example: `ASC`',
    }),
  }),
});
