import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
  await api.data(`mutation {
    createLibrary(input: { id: "lib_jobs", name: "jobs", embedding: { provider: EXTERNAL, dimension: 8 } }) { __typename }
    createDocument(input: { library: { name: "jobs" }, id: "doc_jobs", title: "t" }) { __typename }
  }`);
  const chunks = Array.from({ length: 300 }, (_, at) => ({
    documentId: 'doc_jobs',
    text: `chunk ${at}`,
    embedding: Array.from({ length: 8 }, (_, axis) => Math.sin(at * 8 + axis + 1)),
  }));
  await api.data('mutation ($input: CreateChunksInput!) { createChunks(input: $input) { __typename } }', {
    input: { library: { name: 'jobs' }, chunks },
  });
});
afterAll(() => api.close());

const JOB = `
  __typename
  id
  state
  trigger
  attempt
  progress { phase done total ratePerSecond etaSeconds memoryBytes recallSoFar }
  error { code message }
  library { id }
  createdAt
  startedAt
  finishedAt
  ... on IndexJob { settings { type m } minRecall }
`;
const REINDEX = `mutation ($input: ReindexInput!) { reindex(input: $input) {
  __typename
  ... on JobResult { revision job { ${JOB} } }
  ... on Error { code path }
} }`;
const CANCEL = `mutation ($id: ID!) { cancelJob(input: { id: $id }) {
  __typename
  ... on JobResult { revision job { id state } }
  ... on Error { code path }
  ... on JobNotCancellableError { state }
} }`;
const FOLLOW = `subscription ($id: ID!, $after: String) { indexJob(id: $id, after: $after) { cursor kind at job { ${JOB} } } }`;

const reindex = async (input: object) => (await api.data(REINDEX, { input })).reindex;

async function allEvents(id: string, after?: string): Promise<Answer['data'][]> {
  const events = (await api.follow(FOLLOW, { id, after })) as AsyncGenerator<Answer>;
  const all = [];
  for await (const { data, errors } of events) {
    expect(errors).toEqual([]);
    all.push(data.indexJob);
  }
  return all;
}

describe('reindex', () => {
  it('starts a job that can be followed to its end, and swaps the new index in', async () => {
    const { job } = await reindex({
      library: { name: 'jobs' },
      settings: { type: 'HNSW', m: 8 },
      minRecall: 0.9,
    });
    expect(job).toMatchObject({
      __typename: 'IndexJob',
      trigger: 'REQUEST',
      attempt: 1,
      library: { id: 'lib_jobs' },
      settings: { type: 'HNSW', m: 8 },
      minRecall: 0.9,
      error: null,
    });
    const events = await allEvents(job.id);
    expect(events[0].kind).toBe('SNAPSHOT');
    expect(events.at(-1)).toMatchObject({
      kind: 'FINISHED',
      job: { id: job.id, state: 'SUCCEEDED', progress: { phase: 'DONE' } },
    });
    expect(events.at(-1).job.finishedAt >= events.at(-1).job.startedAt).toBe(true);

    const { library } = await api.data(`{ library(by: { name: "jobs" }) {
      indexSettings { type m }
      index { type state generation segments { type vectors tombstones memoryBytes } memoryBytes recallCurve { effort recall latencyMs } measuredAt }
    } }`);
    expect(library).toMatchObject({
      indexSettings: { type: 'HNSW', m: 8 },
      index: { type: 'HNSW', generation: 2, segments: [{ type: 'HNSW', vectors: 300, tombstones: 0 }] },
    });
    expect(library.index.memoryBytes).toBeGreaterThan(0);
    expect(library.index.recallCurve.length).toBeGreaterThan(0);
  });

  it('lets a subscriber come late, and resume from a cursor', async () => {
    const { job } = await reindex({ library: { name: 'jobs' } });
    const all = await allEvents(job.id);
    const late = await allEvents(job.id);
    expect(late.at(-1)).toMatchObject({ job: { state: 'SUCCEEDED' } });
    const resumed = await allEvents(job.id, all[0].cursor);
    expect(resumed.map(({ kind }) => kind)).not.toContain('SNAPSHOT');
    expect(resumed.at(-1)).toMatchObject({ kind: 'FINISHED' });
  });

  it('refuses what makes no sense', async () => {
    expect(await reindex({ library: { name: 'none' } })).toMatchObject({
      __typename: 'LibraryNotFoundError',
      path: ['input', 'library', 'name'],
    });
    expect(await reindex({ library: { name: 'jobs' }, settings: { m: 1 } })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'settings', 'm'],
    });
    expect(await reindex({ library: { name: 'jobs' }, minRecall: 2 })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'minRecall'],
    });
  });

  it('answers a retry with the same job', async () => {
    const input = { library: { name: 'jobs' }, idempotencyKey: 'reindex-1' };
    const first = await reindex(input);
    expect((await reindex(input)).job.id).toBe(first.job.id);
    await allEvents(first.job.id);
    expect(await reindex({ ...input, minRecall: 0.5 })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
  });
});

describe('cancelJob', () => {
  it('cancels what has not finished, and says so of what has', async () => {
    const { job } = await reindex({ library: { name: 'jobs' } });
    const { cancelJob } = await api.data(CANCEL, { id: job.id });
    expect(cancelJob).toMatchObject({ __typename: 'JobResult', job: { state: 'CANCELLED' } });
    expect((await api.data(CANCEL, { id: job.id })).cancelJob).toMatchObject({
      __typename: 'JobNotCancellableError',
      code: 'CONFLICT',
      path: ['input', 'id'],
      state: 'CANCELLED',
    });
    expect((await api.data(CANCEL, { id: 'job_none' })).cancelJob).toMatchObject({
      __typename: 'NodeNotFoundError',
      path: ['input', 'id'],
    });
  });
});

describe('job and jobs', () => {
  it('are read by id, and listed newest first', async () => {
    const { jobs, library } = await api.data(`{
      jobs(first: 2) { totalCount edges { node { id createdAt } } pageInfo { hasNextPage } }
      library(by: { name: "jobs" }) { jobs(state: [CANCELLED]) { totalCount edges { node { id state } } } }
    }`);
    expect(jobs.totalCount).toBeGreaterThan(2);
    expect(jobs.pageInfo.hasNextPage).toBe(true);
    const [newest, older] = jobs.edges;
    expect(newest.node.createdAt >= older.node.createdAt).toBe(true);
    expect(library.jobs).toMatchObject({ totalCount: 1, edges: [{ node: { state: 'CANCELLED' } }] });

    const { job, node, none } = await api.data(
      'query ($id: ID!) { job(id: $id) { id state } node(id: $id) { __typename id } none: job(id: "job_none") { id } }',
      { id: newest.node.id },
    );
    expect(job.id).toBe(newest.node.id);
    expect(node).toEqual({ __typename: 'IndexJob', id: newest.node.id });
    expect(none).toBeNull();
  });
});

describe('indexJobs', () => {
  const FOLLOW_ALL = `subscription ($after: String) {
    indexJobs(library: { name: "jobs" }, after: $after) { cursor kind job { id state } }
  }`;

  it('tells of the last job, then of each to come, and goes on after a cursor', async () => {
    const { job: earlier } = await reindex({ library: { name: 'jobs' } });
    await allEvents(earlier.id);
    const events = (await api.follow(FOLLOW_ALL)) as AsyncGenerator<Answer>;
    const next = async () => (await events.next()).value.data.indexJobs;
    const snapshot = await next();
    expect(snapshot).toMatchObject({ kind: 'SNAPSHOT', job: { id: earlier.id, state: 'SUCCEEDED' } });

    for (const _ of ['one job', 'another']) {
      const { job } = await reindex({ library: { name: 'jobs' } });
      const ofJob = [await next()];
      while (ofJob.at(-1).kind !== 'FINISHED') ofJob.push(await next());
      expect(new Set(ofJob.map((event) => event.job.id))).toEqual(new Set([job.id]));
    }
    await events.return(undefined);

    const resumed = (await api.follow(FOLLOW_ALL, { after: snapshot.cursor })) as AsyncGenerator<Answer>;
    const first = (await resumed.next()).value.data.indexJobs;
    expect(first.kind).not.toBe('SNAPSHOT');
    expect(first.job.id).not.toBe(earlier.id);
    await resumed.return(undefined);
  });

  it('refuses a library that is not there, and what is no cursor', async () => {
    const none = (await api.follow(
      'subscription { indexJobs(library: { name: "none" }) { kind } }',
    )) as Answer;
    expect(none.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', kind: 'LibraryNotFoundError' });
    const forged = (await api.follow(FOLLOW_ALL, { after: 'forged' })) as Answer;
    expect(forged.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['after'] });
  });
});

describe('indexJob', () => {
  it('refuses a job that is not there', async () => {
    const refused = (await api.follow(FOLLOW, { id: 'job_none' })) as Answer;
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', kind: 'NodeNotFoundError' });
  });

  it('ends with an error where the source fails, such as for a cursor that is not of the job', async () => {
    const [job] = (await api.data('{ jobs(first: 1) { edges { node { id } } } }')).jobs.edges;
    const events = (await api.follow(FOLLOW, { id: job.node.id, after: 'forged' })) as AsyncGenerator<Answer>;
    const all = [];
    for await (const event of events) all.push(event);
    expect(all).toMatchObject([{ data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  });
});
