import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobChange } from '../../src/jobs/applyJob.ts';
import { NOT_BEGUN } from '../../src/jobs/attempts.ts';
import { JOB_PHASES, type Job, type JobEvent } from '../../src/jobs/types.ts';
import { JobEventHub } from '../../src/writer/JobEventHub.ts';
import { PacedProgress } from '../../src/writer/PacedProgress.ts';

const JOBS = 3;

/** One step of one of several jobs: how many phases it goes on by, how long after the one before, whether its state changes. */
interface Move {
  readonly job: number;
  readonly phases: number;
  readonly afterMs: number;
  readonly isStateChange: boolean;
}

const moves = fc.array(
  fc.record({
    job: fc.nat(JOBS - 1),
    phases: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) }),
    afterMs: fc.oneof(fc.constant(0), fc.nat(100)),
    isStateChange: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  }),
  { maxLength: 120 },
);

/** What happens to the jobs, in order: phases never go back. */
function changesOf(happening: readonly Move[]): (JobChange & { readonly afterMs: number })[] {
  const phases = Array.from({ length: JOBS }, () => 0);
  return happening.map(({ job, phases: further, afterMs, isStateChange }, done) => {
    const phase = Math.min((phases[job] as number) + further, JOB_PHASES.length - 1);
    phases[job] = phase;
    const progress = { ...NOT_BEGUN, phase: JOB_PHASES[phase] as Job['progress']['phase'], done };
    return { job: jobOf(job, progress), kind: isStateChange ? 'STATE_CHANGED' : 'PROGRESS', afterMs };
  });
}

function jobOf(number: number, progress: Job['progress']): Job {
  return {
    id: `job_${number}`,
    kind: 'INDEX',
    libraryId: 'lib_1',
    state: 'RUNNING',
    settings: { type: 'HNSW', m: 16, efConstruction: 100 },
    minRecall: null,
    trigger: 'REQUEST',
    attempt: 1,
    progress,
    error: null,
    createdAt: 1,
    startedAt: 2,
    finishedAt: null,
  };
}

type Told = Pick<JobEvent, 'job' | 'kind'>;

const job = (number: number) => (told: Told) => told.job.id === `job_${number}`;
const phasesOf = (told: readonly Told[]) => [...new Set(told.map((one) => one.job.progress.phase))];
const stateChangesOf = (told: readonly Told[]) =>
  told.filter(({ kind }) => kind === 'STATE_CHANGED').map((one) => one.job.progress.done);

/** Of each job by itself: every phase and every change of state is told, in order, and how it stands in the end. */
function expectEveryPhase(told: readonly Told[], happened: readonly Told[]): void {
  for (let number = 0; number < JOBS; number++) {
    const [heard, real] = [told.filter(job(number)), happened.filter(job(number))];
    expect(phasesOf(heard)).toEqual(phasesOf(real));
    expect(stateChangesOf(heard)).toEqual(stateChangesOf(real));
    expect(heard.at(-1)?.job.progress.done).toBe(real.at(-1)?.job.progress.done);
    const steps = heard.map((one) => one.job.progress.done);
    expect(steps).toEqual([...new Set(steps)].toSorted((one, other) => one - other));
  }
}

describe('whoever follows jobs hears of every phase and every change of state', () => {
  it('however slowly it reads', async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.array(fc.nat(5), { maxLength: 120 }), async (happening, reads) => {
        const changes = changesOf(happening);
        const hub = new JobEventHub(() => Promise.resolve([]));
        const following = hub.subscribeToLibrary('lib_1', undefined);
        const told: JobEvent[] = [];
        let sequence = 0;
        for (const [place, change] of changes.entries()) {
          sequence += 1;
          hub.receive({ sequence, at: sequence, kind: change.kind, job: change.job });
          // No read waits while nothing is there, so that the reader is as slow as it is meant to be.
          for (let read = reads[place] ?? 0; read > 0 && told.at(-1)?.sequence !== sequence; read--)
            told.push((await following.next()).value.event);
        }
        while (changes.length > 0 && told.at(-1)?.sequence !== sequence)
          told.push((await following.next()).value.event);
        expectEveryPhase(told, changes);
        expect(told.map((event) => event.sequence)).toEqual(
          told.map((event) => event.sequence).toSorted((one, other) => one - other),
        );
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('when it comes back after a cursor, however much there was since', async () => {
    const hub = new JobEventHub(() => Promise.resolve([]));
    const changes = JOB_PHASES.flatMap((phase) =>
      Array.from({ length: 200 }, (_, done) => jobOf(0, { ...NOT_BEGUN, phase, done })),
    );
    for (const [at, one] of changes.entries())
      hub.receive({ sequence: at + 1, at, kind: at === 0 ? 'STATE_CHANGED' : 'PROGRESS', job: one });
    hub.receive({
      sequence: changes.length + 1,
      at: 1,
      kind: 'FINISHED',
      job: changes.at(-1) as Job,
    });
    const told: JobEvent[] = [];
    for await (const { event } of hub.subscribe('job_0', '1')) told.push(event);
    expect(phasesOf(told)).toEqual([...JOB_PHASES]);
  });
});

describe('progress that is told at a pace', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('passes over steps within a phase alone', () => {
    fc.assert(
      fc.property(moves, (happening) => {
        const changes = changesOf(happening);
        const told: JobChange[] = [];
        const paced = new PacedProgress((change) => void told.push(change));
        for (const change of changes) {
          vi.advanceTimersByTime(change.afterMs);
          const isProgress = change.kind === 'PROGRESS';
          const before = isProgress ? paced.push(change) : paced.finish(change.job.id);
          if (before !== undefined) told.push(before);
          if (!isProgress) told.push(change);
        }
        vi.advanceTimersByTime(1_000);
        expectEveryPhase(told, changes);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('is not told after it is closed', () => {
    const told: JobChange[] = [];
    const paced = new PacedProgress((change) => void told.push(change));
    paced.push({ job: jobOf(0, NOT_BEGUN), kind: 'PROGRESS' });
    paced.close();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });
});
