import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoredJobReader } from '../../src/jobs/StoredJobReader.ts';
import type { IndexJob } from '../../src/jobs/types.ts';
import { applyCommand } from '../../src/writer/applyCommand.ts';
import type { Command } from '../../src/writer/Writer.ts';
import { createLibrary, TestStore } from '../library/TestStore.ts';

describe('the completion of a reindex', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = new TestStore();
    await store.submit(createLibrary('lib_a'));
    apply({
      type: 'requestReindex',
      library: { id: 'lib_a' },
      jobId: 'job_1',
      at: 1,
      minRecall: null,
      trigger: 'REQUEST',
    });
  });
  afterEach(() => store.close());

  const apply = (command: Command) => applyCommand(store.database, command, 9);
  const job = (): IndexJob => {
    const found = new StoredJobReader(store.database).job('job_1');
    return found?.kind === 'INDEX' ? found : expect.fail('no job');
  };
  const generation = () => store.reader.library({ id: 'lib_a' })?.index.generation;
  const completion = (): Command => {
    const { index } = store.reader.library({ id: 'lib_a' }) ?? expect.fail('no library');
    return {
      type: 'completeReindex',
      job: { ...job(), state: 'SUCCEEDED', finishedAt: 5 },
      recordIndex: { type: 'recordIndex', libraryId: 'lib_a', at: 5, index: { ...index, generation: 2 } },
    };
  };

  it('is one change: the job has succeeded, and its index is recorded', () => {
    const change = apply(completion());
    expect(change.outcome).toMatchObject({ written: true, jobId: 'job_1' });
    expect(change.events.map(({ kind }) => kind)).toEqual(['INDEX_SWAPPED']);
    expect(change.jobChanges.map(({ kind }) => kind)).toEqual(['FINISHED']);
    expect([job().state, generation()]).toEqual(['SUCCEEDED', 2]);
  });

  it('does not happen to a job that was cancelled before it: its index never goes live', () => {
    const late = completion();
    apply({ type: 'cancelJob', jobId: 'job_1', at: 4 });
    expect(apply(late)).toMatchObject({ outcome: { written: false }, events: [], jobChanges: [] });
    expect([job().state, generation()]).toEqual(['CANCELLED', 1]);
  });
});
