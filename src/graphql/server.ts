import { builder } from './builder.ts';
import type { ServerFacts } from './Context.ts';
import { EmbedderStatus, EmbeddingCacheFigures } from './embedderStatus.ts';

export const Server = builder.objectRef<ServerFacts>('Server').implement({
  description: 'The server that answers.',
  fields: (t) => ({
    version: t.exposeString('version', { description: 'Its version, as semver has it. Example: `"0.1.0"`' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      description: 'When it was started. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    uptimeSeconds: t.float({
      description: 'Seconds since it was started. Example: `86400.5`',
      resolve: ({ startedAt }) => (Date.now() - startedAt) / 1_000,
    }),
    threads: t.exposeInt('threads', { description: 'Threads that answer requests. Example: `8`' }),
    libraryCount: t.int({
      description: 'Libraries that it holds. Example: `3`',
      resolve: (_facts, _args, { reader }) => reader.libraryCount(),
    }),
    embedders: t.field({
      type: [EmbedderStatus],
      description:
        'What can turn text into vectors here. Example: `{ server { embedders { provider isConfigured } } }`',
      resolve: (_facts, _args, { embedders }) => embedders.statuses(),
    }),
    embeddingCache: t.field({
      type: EmbeddingCacheFigures,
      nullable: true,
      description:
        'What is kept of the work of remote models; null if nothing is (`ALCOVE_EMBEDDING_CACHE_BYTES=0`).',
      resolve: (_facts, _args, { embedders }) => embedders.cacheFigures(),
    }),
    revision: t.field({
      type: 'Revision',
      description: 'The last change that every thread has seen. Example: `"0000000000000042"`',
      resolve: (_facts, _args, { writer }) => writer.appliedRevision(),
    }),
  }),
});

builder.queryField('server', (t) =>
  t.field({
    type: Server,
    description: 'The server that answers. Example: `{ server { version uptimeSeconds } }`',
    resolve: (_root, _args, { server }) => server,
  }),
);
