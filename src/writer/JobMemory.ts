import type { JobEvent } from '../jobs/types.ts';
import { isOutdatedBy } from './isOutdatedBy.ts';

/** Events remembered of one job: about a quarter of a minute of progress. */
const MAX_EVENTS_PER_JOB = 256;

/** Jobs of which events are remembered, and their events together; those that changed least recently are forgotten first. */
const MAX_JOBS = 1_000;
const MAX_EVENTS = 20_000;

/** The latest events of the latest jobs, so that a subscriber can come late or come back. */
export class JobMemory {
  /** By job id, least recently changed first; events ascending by sequence. */
  readonly #events = new Map<string, JobEvent[]>();
  #count = 0;

  /** Adds an event, unless it is known already. */
  remember(event: JobEvent): void {
    const { id } = event.job;
    const events = this.#events.get(id) ?? [];
    this.#events.delete(id);
    this.#events.set(id, events);
    const place = events.findLastIndex((earlier) => earlier.sequence <= event.sequence);
    if (events[place]?.sequence === event.sequence) return;
    events.splice(place + 1, 0, event);
    this.#count += 1;
    if (events.length > MAX_EVENTS_PER_JOB) {
      events.splice(leastNeeded(events), 1);
      this.#count -= 1;
    }
    if (this.#events.size > MAX_JOBS || this.#count > MAX_EVENTS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#events.keys();
    if (oldest === undefined) return;
    this.#count -= this.of(oldest).length;
    this.#events.delete(oldest);
  }

  /** All that is remembered of a job, oldest first; empty if it is not known. */
  of(jobId: string): readonly JobEvent[] {
    return this.#events.get(jobId) ?? [];
  }

  /** All that is remembered of jobs that have not finished. */
  ofUnfinished(): JobEvent[] {
    return [...this.#events.values()].filter((events) => events.at(-1)?.kind !== 'FINISHED').flat();
  }

  /**
   * What a subscriber of a known job is given first. Without a sequence to resume after: a snapshot, and the end if
   * there has been one. With one: what came after it, if all of that is remembered; what came before a restart of the
   * server is not, but its first event, which says so, is all that counts then.
   */
  firstEvents(jobId: string, afterSequence: number | undefined): JobEvent[] {
    const events = this.of(jobId);
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined) return [];
    const isComplete =
      afterSequence !== undefined && afterSequence >= first.sequence && afterSequence <= last.sequence;
    if (isComplete || (afterSequence !== undefined && first.kind === 'RESTARTED'))
      return events.filter((event) => event.sequence > afterSequence);
    if (last.kind !== 'FINISHED') return [{ ...last, kind: 'SNAPSHOT' }];
    return [{ ...last, kind: 'SNAPSHOT', sequence: last.sequence - 1 }, last];
  }

  /**
   * What a subscriber of all jobs of a library is given first. Without a sequence to resume after: a snapshot of each
   * job that has not finished, or of the latest if all have. With one: what is remembered to have come after it.
   */
  firstEventsOfLibrary(libraryId: string, afterSequence: number | undefined): JobEvent[] {
    const jobs = [...this.#events.values()].filter((events) => events[0]?.job.libraryId === libraryId);
    if (afterSequence !== undefined) {
      return jobs
        .flat()
        .filter(({ sequence }) => sequence > afterSequence)
        .sort((one, other) => one.sequence - other.sequence);
    }
    const latest = jobs.map((events) => events.at(-1)).filter((event) => event !== undefined);
    const unfinished = latest.filter(({ kind }) => kind !== 'FINISHED');
    const shown = unfinished.length > 0 ? unfinished : latest.slice(-1);
    return shown.map((event) => ({ ...event, kind: 'SNAPSHOT' }));
  }
}

/** The earliest progress that later progress of its phase makes up for; if there is none, the earliest event. */
function leastNeeded(events: readonly JobEvent[]): number {
  const place = events.findIndex((event, at) => {
    const next = events[at + 1];
    return next !== undefined && isOutdatedBy(event, next);
  });
  return Math.max(0, place);
}
