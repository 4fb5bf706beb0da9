import type { ReembedJob as ReembedJobShape } from '../jobs/types.ts';
import { invalidArgument } from '../library/checks.ts';
import { newId } from '../library/ids.ts';
import { libraryNotFound } from '../library/lookup.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { contractFrom, EmbeddingContract, EmbeddingContractInput } from './embedding.ts';
import { given } from './given.ts';
import { checkedSettings, checkMinRecall } from './indexJob.ts';
import { Job, JobResult, type JobWritten, jobWritten } from './job.ts';
import { LibraryBy } from './libraryBy.ts';
import { IndexSettings, IndexSettingsInput } from './libraryIndex.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

builder.objectRef<ReembedJobShape>('ReembedJob').implement({
  description:
    'Embeds the chunks of a library by another contract and builds an index of the new vectors, beside what serves; then contract, vectors and index change at once.',
  interfaces: [Node, Job],
  fields: (t) => ({
    embedding: t.field({
      type: EmbeddingContract,
      description: "What becomes the library's contract.",
      resolve: ({ embedding, state }) => ({ ...embedding, frozen: state === 'SUCCEEDED' }),
    }),
    settings: t.expose('settings', { type: IndexSettings, description: 'The index that it builds.' }),
    minRecall: t.exposeFloat('minRecall', {
      nullable: true,
      description: 'Nothing is swapped in below this recall; null if none was asked for. Example: `0.95`',
    }),
  }),
});

const ReembedInput = builder.inputType('ReembedInput', {
  description:
    'What `reembed` takes. Example: `{ library: { name: "manuals" }, embedding: { provider: LOCAL, model: "all-MiniLM-L6-v2" } }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Which one. Example: `{ name: "manuals" }`',
    }),
    embedding: t.field({
      type: EmbeddingContractInput,
      required: true,
      description:
        'The contract that is to take the place of the library\'s. Any provider but EXTERNAL, since the vectors are made of the texts; dimension and metric may be others. Example: `{ provider: LOCAL, model: "all-MiniLM-L6-v2" }`',
    }),
    settings: t.field({
      type: IndexSettingsInput,
      description:
        "The index to build; they become the library's with the swap. As the library has them if left out. Example: `{ m: 32 }`",
    }),
    minRecall: t.float({
      description:
        'Fail, and leave the library as it is, if the new index finds a smaller part of the nearest than this. Example: `0.95`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ReembedPayload = payload('ReembedPayload', {
  description: 'What `reembed` answers.',
  success: JobResult,
  errors: [
    'ForbiddenError',
    'LibraryNotFoundError',
    'InvalidArgumentError',
    'CapacityExceededError',
    'EmbedderError',
    'IdempotencyConflictError',
  ],
});

async function reembed(input: typeof ReembedInput.$inferInput, context: Context): Promise<JobWritten> {
  const { settings, minRecall } = input;
  checkMinRecall(minRecall);
  const outcome = await submit(context, 'reembed', input, async () => {
    const library = context.reader.library(input.library) ?? libraryNotFound(input.library);
    if (input.embedding.provider === 'EXTERNAL') {
      throw invalidArgument(
        'the provider to embed a library anew',
        'EXTERNAL',
        'one that makes vectors of texts; write vectors of your own to a library made for them',
        ['embedding', 'provider'],
      );
    }
    const { metric } = library.embedding;
    return {
      type: 'requestReembed',
      library: input.library,
      jobId: newId('job'),
      at: Date.now(),
      embedding: await contractFrom(
        { ...input.embedding, metric: input.embedding.metric ?? metric },
        context,
      ),
      ...given({ settings: settings && checkedSettings(settings, library) }),
      minRecall: minRecall ?? null,
    };
  });
  return jobWritten(outcome, context);
}

builder.mutationFields((t) => ({
  reembed: t.field({
    type: ReembedPayload.type,
    description:
      "Queues a job that changes a library's model without a pause: every chunk is embedded anew beside the vectors that serve, an index is built of the new ones, and both are swapped in with the contract at once. The metric stays as it is, if left out.",
    args: {
      input: t.arg({
        type: ReembedInput,
        required: true,
        description:
          'Which library, and what its contract is to be. Example: `{ library: { name: "manuals" }, embedding: { provider: LOCAL, model: "all-MiniLM-L6-v2" } }`',
      }),
    },
    resolve: (_root, { input }, context) => ReembedPayload.answer(['input'], () => reembed(input, context)),
  }),
}));
