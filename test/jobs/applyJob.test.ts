import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  applyJobCommand,
  jobsEndedByDeletion,
  KEPT_FINISHED_JOBS,
  MAX_QUEUED_JOBS,
} from '../../src/jobs/applyJob.ts';
import { NOT_BEGUN } from '../../src/jobs/attempts.ts';
import type { JobCommand, RequestReindex } from '../../src/jobs/commands.ts';
import { activeJobs } from '../../src/jobs/jobTable.ts';
import { StoredJobReader } from '../../src/jobs/StoredJobReader.ts';
import type { Job } from '../../src/jobs/types.ts';
import { createLibrary, TestStore, thrown } from '../library/TestStore.ts';

describe('the commands of jobs', () => {
  let store: TestStore;
  let reader: StoredJobReader;
  beforeEach(async () => {
    store = new TestStore();
    reader = new StoredJobReader(store.readDatabase);
    await store.submit(createLibrary('lib_a'));
    await store.submit(createLibrary('lib_b'));
  });
  afterEach(() => store.close());

  const apply = (command: JobCommand) => applyJobCommand(store.database, command, 9);
  const request = (jobId: string, libraryId = 'lib_a', at = 100) =>
    apply({
      type: 'requestReindex',
      library: { id: libraryId },
      jobId,
      at,
      minRecall: 0.9,
      trigger: 'REQUEST',
    });
  const record = (job: Job) => apply({ type: 'recordJob', job });
  const stored = (id: string): Job => reader.job(id) ?? expect.fail(`no job ${id}`);

  it('queue a job with the settings asked for, or those of its library', () => {
    const { outcome, change } = request('job_1');
    expect(outcome).toEqual({ revision: 9, libraryId: 'lib_a', jobId: 'job_1', written: true });
    expect(change).toEqual({ kind: 'STATE_CHANGED', job: stored('job_1') });
    expect(stored('job_1')).toMatchObject({
      state: 'QUEUED',
      attempt: 1,
      progress: NOT_BEGUN,
      settings: { type: 'AUTO' },
      createdAt: 100,
    });
    expect(thrown(() => request('job_2', 'lib_none')).kind).toBe('LibraryNotFoundError');
  });

  it('are refused what cannot be built, whoever asks', () => {
    const ask = (changes: Partial<RequestReindex>) =>
      thrown(() =>
        apply({
          type: 'requestReindex',
          library: { id: 'lib_a' },
          jobId: 'job_1',
          at: 1,
          minRecall: null,
          trigger: 'REQUEST',
          ...changes,
        }),
      );
    const settings = { type: 'HNSW', m: 16, efConstruction: 100 } as const;
    expect(ask({ settings: { ...settings, m: 65 } })).toMatchObject({
      kind: 'InvalidArgumentError',
      path: ['settings', 'm'],
    });
    expect(ask({ settings: { ...settings, efConstruction: 15.5 } }).path).toEqual([
      'settings',
      'efConstruction',
    ]);
    expect(ask({ settings: { ...settings, type: 'GRAPH' as 'HNSW' } }).path).toEqual(['settings', 'type']);
    expect(ask({ minRecall: 1.1 }).path).toEqual(['minRecall']);
    expect(ask({ minRecall: Number.NaN }).path).toEqual(['minRecall']);
  });

  it('wait in a queue that is bounded for each library', () => {
    for (let number = 0; number < MAX_QUEUED_JOBS; number++) request(`job_${number}`);
    expect(thrown(() => request('job_more')).kind).toBe('OverloadedError');
    expect(request('job_other', 'lib_b').outcome.written).toBe(true);
    apply({ type: 'cancelJob', jobId: 'job_7', at: 300 });
    expect(request('job_more').outcome.written).toBe(true);
  });

  it('are remembered after their end as long as there are not too many newer ones', () => {
    for (let number = 0; number < KEPT_FINISHED_JOBS + 3; number++) {
      request(`job_${number}`, 'lib_a', number);
      apply({ type: 'cancelJob', jobId: `job_${number}`, at: 9_000 });
    }
    request('job_waiting', 'lib_a', 0);
    expect(reader.jobCount({ libraryId: 'lib_a' })).toBe(KEPT_FINISHED_JOBS + 1);
    expect([0, 1, 2, 3].map((number) => reader.job(`job_${number}`) === undefined)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('tell what a record is to subscribers', () => {
    request('job_1');
    const running: Job = { ...stored('job_1'), state: 'RUNNING', startedAt: 200 };
    expect(record(running).change?.kind).toBe('STATE_CHANGED');
    expect(record({ ...running, progress: { ...NOT_BEGUN, phase: 'BUILDING' } }).change?.kind).toBe(
      'PROGRESS',
    );
    expect(record({ ...running, attempt: 2 }).change?.kind).toBe('RESTARTED');
    expect(record({ ...running, state: 'FAILED' }).change?.kind).toBe('FINISHED');
  });

  it('cancel what is queued or running, and nothing that has finished or is being swapped in', () => {
    request('job_1');
    expect(apply({ type: 'cancelJob', jobId: 'job_1', at: 300 }).change).toMatchObject({
      kind: 'FINISHED',
      job: { state: 'CANCELLED', finishedAt: 300 },
    });
    const again = thrown(() => apply({ type: 'cancelJob', jobId: 'job_1', at: 400 }));
    expect(again).toMatchObject({ kind: 'JobNotCancellableError', detail: { state: 'CANCELLED' } });

    request('job_2');
    record({ ...stored('job_2'), state: 'RUNNING', progress: { ...NOT_BEGUN, phase: 'SWAPPING' } });
    expect(thrown(() => apply({ type: 'cancelJob', jobId: 'job_2', at: 400 })).kind).toBe(
      'JobNotCancellableError',
    );
    expect(thrown(() => apply({ type: 'cancelJob', jobId: 'job_none', at: 400 })).kind).toBe(
      'NodeNotFoundError',
    );
  });

  it('leave a job that has finished as it is', () => {
    request('job_1');
    const before = stored('job_1');
    apply({ type: 'cancelJob', jobId: 'job_1', at: 300 });
    expect(record({ ...before, state: 'SUCCEEDED' })).toEqual({
      outcome: { revision: 8, libraryId: 'lib_a', jobId: 'job_1', written: false },
    });
    expect(stored('job_1').state).toBe('CANCELLED');
    expect(record({ ...before, id: 'job_none' }).outcome.written).toBe(false);
  });

  it('end the jobs of a library that is deleted', async () => {
    request('job_1');
    request('job_2', 'lib_b');
    expect(jobsEndedByDeletion(store.database, 'lib_a', 500)).toEqual([
      { kind: 'FINISHED', job: { ...stored('job_1'), state: 'CANCELLED', finishedAt: 500 } },
    ]);
    await store.submit({ type: 'deleteLibrary', library: { id: 'lib_a' }, at: 500 });
    expect(reader.job('job_1')).toBeUndefined();
    expect(reader.job('job_2')).toBeDefined();
  });

  it('list jobs newest first, in pages that hold while jobs come', () => {
    for (let number = 1; number <= 5; number++)
      request(`job_${number}`, number % 2 === 0 ? 'lib_b' : 'lib_a', 100 + (number >> 1));
    apply({ type: 'cancelJob', jobId: 'job_3', at: 600 });
    const ids = (page: ReturnType<StoredJobReader['jobs']>) => page.edges.map(({ node }) => node.id);

    const first = reader.jobs({ first: 2 }, {});
    expect(ids(first)).toEqual(['job_5', 'job_4']);
    request('job_6', 'lib_a', 900);
    const after = first.edges.at(-1)?.cursor ?? '';
    expect(ids(reader.jobs({ first: 2, after }, {}))).toEqual(['job_3', 'job_2']);
    expect(ids(reader.jobs({ last: 2 }, {}))).toEqual(['job_2', 'job_1']);
    expect(ids(reader.jobs({}, { libraryId: 'lib_b' }))).toEqual(['job_4', 'job_2']);
    expect(ids(reader.jobs({}, { states: ['CANCELLED'] }))).toEqual(['job_3']);
    expect(reader.jobCount({})).toBe(6);
    expect(reader.jobCount({ libraryId: 'lib_a', states: ['QUEUED'] })).toBe(3);
    expect(thrown(() => reader.jobs({ after: 'bad' }, {})).kind).toBe('InvalidArgumentError');
    expect(thrown(() => reader.jobs({ after }, { libraryId: 'lib_a' })).kind).toBe('InvalidArgumentError');
    expect(activeJobs(store.database).map(({ id }) => id)).toEqual([
      'job_1',
      'job_2',
      'job_4',
      'job_5',
      'job_6',
    ]);
  });
});
