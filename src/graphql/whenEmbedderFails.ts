import { builder } from './builder.ts';

export const WhenEmbedderFails = builder.enumType('WhenEmbedderFails', {
  description:
    'What becomes of a document whose embedder does not answer, or says that it should be asked later.',
  values: {
    FAIL: { description: 'It is refused; nothing of it is kept.' },
    WAIT: {
      description:
        'It is kept as PENDING_EMBEDDING, and embedded when the embedder answers again. What the document said before is found until then.',
    },
  },
});
