import type { ErrorRecord } from '../errors.ts';
import type { CommandOutcome } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import { Chunk } from './chunk.ts';
import { ErrorInterface } from './errors.ts';

const BATCH_STATUSES = {
  CREATED: { description: 'It is new.' },
  UPDATED: { description: 'It was there, and is now as given.' },
  UNCHANGED: { description: 'It was there, just as given.' },
  DELETED: { description: 'It was there, and is gone.' },
  FAILED: { description: 'Nothing was done; `error` says why.' },
  NOT_WRITTEN: {
    description: 'Nothing was done, since another item failed and the batch is ALL_OR_NOTHING.',
  },
} as const;

const BatchItemStatus = builder.enumType('BatchItemStatus', {
  description: 'What can become of an item of a batch.',
  values: BATCH_STATUSES,
});

export interface BatchItemShape {
  readonly index: number;
  readonly id: string | null;
  readonly status: keyof typeof BATCH_STATUSES;
  readonly error: ErrorRecord | null;
}

export interface Batch {
  readonly items: readonly BatchItemShape[];
  readonly deletedCount: number;
  readonly truncatedCount: number;
  readonly revision: number;
}

export const BatchItem = builder.objectRef<BatchItemShape>('BatchItem').implement({
  description: 'What became of one item of a batch.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place in the input, from 0. Example: `3`' }),
    id: t.exposeID('id', {
      nullable: true,
      description: 'Its id; null if it failed and gave none. Example: `"chk_sku-4711"`',
    }),
    status: t.expose('status', {
      type: BatchItemStatus,
      description: 'What became of it. Example: `CREATED`',
    }),
    error: t.expose('error', {
      type: ErrorInterface,
      nullable: true,
      description: 'Why it failed; null if it did not.',
    }),
    chunk: t.field({
      type: Chunk,
      nullable: true,
      description: 'The chunk as it is now; null if there is none.',
      resolve: ({ id }, _args, { reader }) => (id === null ? null : reader.chunk(id)),
    }),
  }),
});

/** What became of each item; `given` are the items as they came in, `place` is where. */
export function batchOf(
  { items = [], deleted, truncatedCount = 0, revision }: CommandOutcome,
  given: readonly { readonly id?: string | null | undefined }[],
  place: readonly string[],
): Batch {
  return {
    items: items.map((item, index) =>
      'error' in item
        ? {
            index,
            id: given[index]?.id ?? null,
            status: 'FAILED',
            error: { ...item.error, path: [...place, ...item.error.path] },
          }
        : { index, id: item.id, status: item.status, error: null },
    ),
    deletedCount: deleted?.chunks ?? 0,
    truncatedCount,
    revision,
  };
}
