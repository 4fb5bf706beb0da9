import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOT_BEGUN } from '../../src/jobs/attempts.ts';
import { JobRun, type JobRunOptions } from '../../src/jobs/JobRun.ts';
import type { IndexJob, Job } from '../../src/jobs/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import { diskFull } from '../../src/log/refusals.ts';
import { LiveLibrary } from '../live/LiveLibrary.ts';

type Submit = JobRunOptions['submit'];

describe('the run of a job', () => {
  let library: LiveLibrary;
  let files: IndexFiles;
  let troubles: string[];
  let recorded: Job[];
  let told: Job[];

  beforeEach(async () => {
    library = await LiveLibrary.create(4);
    await library.add(20);
    files = new IndexFiles(join(library.store.folder, 'indexes'));
    troubles = [];
    recorded = [];
    told = [];
  });
  afterEach(() => library.close());

  const job = (): IndexJob => ({
    id: 'job_1',
    kind: 'INDEX',
    libraryId: library.id,
    state: 'QUEUED',
    settings: { type: 'HNSW', m: 8, efConstruction: 40 },
    minRecall: null,
    trigger: 'REQUEST',
    attempt: 1,
    progress: NOT_BEGUN,
    error: null,
    createdAt: 1,
    startedAt: null,
    finishedAt: null,
  });
  /** A run whose commands are taken by `submit`, and noted. */
  const run = (databasePath: string, submit: Submit): JobRun => {
    const { reader } = library.store;
    const onTrouble = (message: string) => void troubles.push(message);
    const live = new LiveIndexes({
      files,
      reader,
      onDropped: () => {},
      onRebuildDue: () => {},
      onTrouble,
    });
    const noting: Submit = (command) => {
      if ('job' in command) recorded.push(command.job);
      return submit(command);
    };
    return new JobRun(job(), {
      databasePath,
      buildThreads: 1,
      files,
      libraries: reader,
      live,
      submit: noting,
      holdWrites: () => () => {},
      onProgress: (job) => void told.push(job),
      onTrouble,
    });
  };
  const written: Submit = async () => ({ revision: 1, libraryId: library.id, written: true });

  it('tells of every phase, also of those that are over in no time', async () => {
    await run(library.store.path, written).run();
    expect(recorded.at(-1)).toMatchObject({ state: 'SUCCEEDED' });
    expect([...new Set(told.map(({ progress }) => progress.phase))]).toEqual([
      'SCANNING',
      'TRAINING',
      'BUILDING',
      'CATCHING_UP',
      'VERIFYING',
      'SWAPPING',
    ]);
  });

  it('says that the server is at fault when the builder breaks, and tells the log why', async () => {
    await run(join(library.store.folder, 'none.db'), written).run();
    expect(recorded.at(-1)).toMatchObject({
      state: 'FAILED',
      error: { kind: 'InternalError', message: expect.not.stringContaining('none.db') },
    });
    expect(troubles).toEqual([expect.stringContaining('none.db')]);
  });

  it('ends as failed when its index cannot be recorded, and leaves no file behind', async () => {
    const refusing: Submit = (command) =>
      command.type === 'completeReindex' ? Promise.reject(diskFull(undefined)) : written(command);
    await run(library.store.path, refusing).run();
    expect(recorded.at(-1)).toMatchObject({ state: 'FAILED', error: { kind: 'StoreUnavailableError' } });
    expect(recorded.map(({ state }) => state).filter((state) => state === 'FAILED')).toHaveLength(1);
    expect(existsSync(files.path(library.id, 2))).toBe(false);
  });

  it('writes its end again when there was no room for it', async () => {
    let refusals = 0;
    const fullAtFirst: Submit = (command) => {
      const isEnd = command.type === 'recordJob' && command.job.state === 'FAILED';
      return isEnd && refusals++ === 0 ? Promise.reject(diskFull(undefined)) : written(command);
    };
    await run(join(library.store.folder, 'none.db'), fullAtFirst).run();
    expect(recorded.filter(({ state }) => state === 'FAILED')).toHaveLength(2);
    expect(troubles.at(-1)).toContain('disk');
  });

  it('leaves nothing of a library that was deleted in its middle', async () => {
    const deleting: Submit = async (command) => {
      if (recorded.length === 1) {
        await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
        files.remove(library.id);
      }
      // What a builder may still be writing when it is told to stop.
      writeFileSync(files.path(library.id, 2), 'late');
      return written(command);
    };
    await run(join(library.store.folder, 'none.db'), deleting).run();
    expect(existsSync(join(library.store.folder, 'indexes', library.id))).toBe(false);
  });
});
