import { describe, expect, it } from 'vitest';
import { NOT_BEGUN } from '../../src/jobs/attempts.ts';
import type { JobEvent } from '../../src/jobs/types.ts';
import { JobMemory } from '../../src/writer/JobMemory.ts';

const event = (number: number, sequence: number, kind: JobEvent['kind'] = 'PROGRESS'): JobEvent => ({
  sequence,
  at: 1,
  kind,
  job: {
    id: `job_${number}`,
    kind: 'INDEX',
    libraryId: 'lib_a',
    state: 'RUNNING',
    settings: { type: 'HNSW', m: 16, efConstruction: 100 },
    minRecall: null,
    trigger: 'REQUEST',
    attempt: 1,
    progress: NOT_BEGUN,
    error: null,
    createdAt: 1,
    startedAt: 1,
    finishedAt: null,
  },
});

describe('the memory of job events', () => {
  it('is bounded for each job and for all of them together; the latest stay', () => {
    const memory = new JobMemory();
    for (let number = 0; number < 200; number++)
      for (let sequence = 1; sequence <= 300; sequence++) memory.remember(event(number, sequence));
    expect(memory.of('job_199')).toHaveLength(256);
    expect(memory.of('job_0')).toEqual([]);
    expect(memory.ofUnfinished().length).toBeLessThanOrEqual(20_000);
  });

  it('gives a snapshot to whoever comes with a cursor that is later than all it knows', () => {
    const memory = new JobMemory();
    memory.remember(event(1, 5));
    memory.remember(event(1, 6, 'FINISHED'));
    expect(memory.firstEvents('job_1', 5).map(({ kind }) => kind)).toEqual(['FINISHED']);
    expect(memory.firstEvents('job_1', 99).map(({ kind }) => kind)).toEqual(['SNAPSHOT', 'FINISHED']);
  });
});
