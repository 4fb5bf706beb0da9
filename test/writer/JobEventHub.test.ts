import { describe, expect, it } from 'vitest';
import { NOT_BEGUN } from '../../src/jobs/attempts.ts';
import type { Job, JobEvent } from '../../src/jobs/types.ts';
import { nodeNotFound } from '../../src/library/lookup.ts';
import { JobEventHub } from '../../src/writer/JobEventHub.ts';

const JOB: Job = {
  id: 'job_1',
  kind: 'INDEX',
  libraryId: 'lib_1',
  state: 'RUNNING',
  settings: { type: 'HNSW', m: 16, efConstruction: 100 },
  minRecall: null,
  trigger: 'REQUEST',
  attempt: 1,
  progress: NOT_BEGUN,
  error: null,
  createdAt: 1,
  startedAt: 2,
  finishedAt: null,
};

function event(sequence: number, kind: JobEvent['kind'], done = sequence): JobEvent {
  const state = kind === 'FINISHED' ? 'SUCCEEDED' : 'RUNNING';
  return { sequence, at: sequence, kind, job: { ...JOB, state, progress: { ...NOT_BEGUN, done } } };
}

describe('the events of jobs in one thread', () => {
  const hubWith = (...events: JobEvent[]): JobEventHub => {
    const hub = new JobEventHub(() => Promise.reject(nodeNotFound('job', 'job_none')));
    for (const each of events) hub.receive(each);
    return hub;
  };
  const read = async (hub: JobEventHub, after?: string): Promise<[string, number][]> => {
    const seen: [string, number][] = [];
    for await (const item of hub.subscribe('job_1', after)) seen.push([item.event.kind, item.event.sequence]);
    return seen;
  };

  it('begin with a snapshot of how the job stands, and end with its end', async () => {
    const hub = hubWith(event(10, 'STATE_CHANGED'), event(11, 'PROGRESS'));
    const reading = read(hub);
    await Promise.resolve();
    hub.receive(event(12, 'FINISHED'));
    expect(await reading).toEqual([
      ['SNAPSHOT', 11],
      ['FINISHED', 12],
    ]);
    expect(await read(hub)).toEqual([
      ['SNAPSHOT', 11],
      ['FINISHED', 12],
    ]);
  });

  it('are told of all jobs of a library: a snapshot of those at work, or of the last one, then every change', async () => {
    const of = (id: string, { job, ...rest }: JobEvent): JobEvent => ({ ...rest, job: { ...job, id } });
    const hub = hubWith(event(10, 'PROGRESS'), event(11, 'FINISHED'), of('job_2', event(12, 'FINISHED')));
    const following = async (after?: string) => {
      const events = hub.subscribeToLibrary('lib_1', after);
      return async () => {
        const { value } = await events.next();
        return [value.event.job.id, value.event.kind, value.event.sequence];
      };
    };
    const late = await following();
    expect(await late()).toEqual(['job_2', 'SNAPSHOT', 12]);
    hub.receive(of('job_3', event(13, 'STATE_CHANGED')));
    hub.receive(of('job_4', event(14, 'STATE_CHANGED')));
    const later = await following();
    for (const next of [late, later]) {
      const kind = next === late ? 'STATE_CHANGED' : 'SNAPSHOT';
      expect(await next()).toEqual(['job_3', kind, 13]);
      expect(await next()).toEqual(['job_4', kind, 14]);
    }
    const resumed = await following('11');
    for (const sequence of [12, 13, 14]) expect(await resumed()).toContain(sequence);
  });

  it('are all given after a cursor, if they are remembered', async () => {
    const hub = hubWith(
      event(10, 'STATE_CHANGED'),
      event(11, 'PROGRESS'),
      event(12, 'STATE_CHANGED'),
      event(13, 'FINISHED'),
    );
    expect(await read(hub, '11')).toEqual([
      ['STATE_CHANGED', 12],
      ['FINISHED', 13],
    ]);
    expect(await read(hub, '13')).toEqual([]);
    expect(await read(hub, '3')).toEqual([
      ['SNAPSHOT', 12],
      ['FINISHED', 13],
    ]);
  });

  it('begin with the restart for those who come back after one', async () => {
    const hub = hubWith(event(1_000, 'RESTARTED'), event(1_001, 'PROGRESS'), event(1_002, 'FINISHED'));
    expect((await read(hub, '17'))[0]).toEqual(['RESTARTED', 1_000]);
    expect((await read(hub))[0]).toEqual(['SNAPSHOT', 1_001]);
  });

  it('give a reader that stalls the newest progress alone, however much there was, and every state change', async () => {
    const hub = hubWith(event(1, 'STATE_CHANGED'));
    const subscription = hub.subscribe('job_1', undefined);
    await Promise.resolve();
    for (let sequence = 2; sequence < 10_000; sequence++) hub.receive(event(sequence, 'PROGRESS'));
    hub.receive(event(10_000, 'RESTARTED'));
    hub.receive(event(10_001, 'PROGRESS'));
    hub.receive(event(10_002, 'FINISHED'));
    const seen: number[] = [];
    for await (const item of subscription) seen.push(item.event.sequence);
    expect(seen).toEqual([1, 9_999, 10_000, 10_001, 10_002]);
  });

  it('are refused for a job that does not exist and a cursor that is none', async () => {
    await expect(read(hubWith())).rejects.toMatchObject({ kind: 'NodeNotFoundError' });
    await expect(read(hubWith(event(1, 'PROGRESS')), '1; DROP')).rejects.toMatchObject({
      kind: 'InvalidArgumentError',
      path: ['after'],
    });
  });

  it('stop when the reader returns', async () => {
    const hub = hubWith(event(1, 'STATE_CHANGED'));
    const subscription = hub.subscribe('job_1', undefined);
    expect((await subscription.next()).value.event.kind).toBe('SNAPSHOT');
    await subscription.return?.();
    hub.receive(event(2, 'PROGRESS'));
    expect((await subscription.next()).done).toBe(true);
  });
});
