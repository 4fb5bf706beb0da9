import { expect, it } from 'vitest';
import { Reembedder } from '../../src/ingester/Reembedder.ts';
import { LocalLog } from '../../src/log/LocalLog.ts';
import { applyCommand, type Change } from '../../src/writer/applyCommand.ts';
import type { Command, CommandOutcome } from '../../src/writer/Writer.ts';
import { createLibrary, TestStore } from '../library/TestStore.ts';

const LIBRARY = 'lib_a';

it('says nothing of vectors that serve no more when their library is deleted before they are', async () => {
  const store = new TestStore();
  const log = new LocalLog<Command, CommandOutcome, Change>({
    database: store.database,
    apply: applyCommand,
    onFatal: (error) => expect.unreachable(String(error)),
  });
  const submit = (command: Command) => log.submit({ command });
  const old = {
    provider: 'EXTERNAL',
    model: 'old',
    dimension: 2,
    metric: 'EUCLIDEAN',
    normalized: false,
  } as const;
  const embedding = {
    provider: 'OPENAI',
    model: 'new',
    dimension: null,
    metric: 'COSINE',
    normalized: false,
  } as const;
  await submit(createLibrary(LIBRARY, { embedding: old }));
  const library = { id: LIBRARY };
  await submit({ type: 'requestReembed', library, jobId: 'job_a', at: 1, embedding, minRecall: null });
  await submit({ type: 'beginNextSet', libraryId: LIBRARY, jobId: 'job_a' });
  await submit({ type: 'cancelJob', jobId: 'job_a', at: 2 });
  expect(store.reader.nextSet(LIBRARY)?.state).toBe('CLEARING');

  const asked: string[] = [];
  const trouble: string[] = [];
  const reembedder = new Reembedder({
    database: store.database,
    reader: store.reader,
    writer: {
      submit: async (entry) => {
        asked.push(entry.command.type);
        await submit({ type: 'deleteLibrary', library, at: 3 });
        return log.submit(entry);
      },
    },
    embedderFor: () => expect.unreachable('nothing is to be embedded'),
    onTrouble: (message) => trouble.push(message),
  });
  await reembedder.resume();
  await expect.poll(() => store.reader.library(library)).toBeUndefined();
  await reembedder.close();
  expect(asked).toEqual(['clearNextSet']);
  expect(trouble).toEqual([]);
  await log.close();
  await store.close();
});
