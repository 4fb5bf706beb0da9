import type { Database, SqlValue } from '../store/Database.ts';
import { checkRow, rowChecksum } from '../store/rowChecksum.ts';
import type { Job, JobKind, JobState } from './types.ts';

/** Which jobs are meant; absent: all. */
export interface JobSelection {
  readonly libraryId?: string;
  /** Those of one of these. */
  readonly libraryIds?: ReadonlySet<string>;
  readonly states?: readonly JobState[];
  readonly kind?: JobKind;
}

/** Writes a job, new or changed. */
export function putJob(database: Database, job: Job): void {
  const record = JSON.stringify(job);
  database.run(
    `INSERT INTO jobs (id, library_id, kind, state, created_at, record, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, record = excluded.record, checksum = excluded.checksum`,
    job.id,
    job.libraryId,
    job.kind,
    job.state,
    job.createdAt,
    record,
    rowChecksum([record]),
  );
}

/** Forgets the finished jobs of a library, but for the newest ones. */
export function forgetOldJobs(database: Database, libraryId: string, kept: number): void {
  database.run(
    `DELETE FROM jobs WHERE id IN
       (SELECT id FROM jobs WHERE library_id = ? AND state NOT IN ('QUEUED', 'RUNNING')
        ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)`,
    libraryId,
    kept,
  );
}

export function findJob(database: Database, id: string): Job | undefined {
  const row = database.get<JobRow>('SELECT id, record, checksum FROM jobs WHERE id = ?', id);
  return row === undefined ? undefined : toJob(row);
}

/** Jobs that are queued or running, oldest first; of one library or kind, or all. */
export function activeJobs(
  database: Database,
  selection: Pick<JobSelection, 'libraryId' | 'kind'> = {},
): Job[] {
  const { where, parameters } = condition({ ...selection, states: ['QUEUED', 'RUNNING'] });
  return database
    .all<JobRow>(
      `SELECT id, record, checksum FROM jobs WHERE ${where} ORDER BY created_at, id`,
      ...parameters,
    )
    .map(toJob);
}

/** One page of jobs: `clause` ends the statement, from its conditions (each with AND before it) to its limit. */
export function listJobs(
  database: Database,
  selection: JobSelection,
  clause: {
    readonly conditions: string;
    readonly orderAndLimit: string;
    readonly parameters: readonly SqlValue[];
  },
): Job[] {
  const { where, parameters } = condition(selection);
  return database
    .all<JobRow>(
      `SELECT id, record, checksum FROM jobs WHERE ${where}${clause.conditions}${clause.orderAndLimit}`,
      ...parameters,
      ...clause.parameters,
    )
    .map(toJob);
}

export function countJobs(database: Database, selection: JobSelection): number {
  const { where, parameters } = condition(selection);
  const row = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM jobs WHERE ${where}`,
    ...parameters,
  );
  return row?.count ?? 0;
}

/** How many jobs are queued or running, by kind and state. */
export function countActiveJobs(
  database: Database,
): { readonly kind: JobKind; readonly state: JobState; readonly count: number }[] {
  return database.all(
    "SELECT kind, state, count(*) AS count FROM jobs WHERE state IN ('QUEUED', 'RUNNING') GROUP BY kind, state",
  );
}

function condition({ libraryId, libraryIds, states, kind }: JobSelection): {
  where: string;
  parameters: SqlValue[];
} {
  const conditions = ['TRUE'];
  const parameters: SqlValue[] = [];
  if (libraryId !== undefined) {
    conditions.push('library_id = ?');
    parameters.push(libraryId);
  }
  if (libraryIds !== undefined) {
    conditions.push('library_id IN (SELECT value FROM json_each(?))');
    parameters.push(JSON.stringify([...libraryIds]));
  }
  if (states !== undefined) {
    conditions.push('state IN (SELECT value FROM json_each(?))');
    parameters.push(JSON.stringify(states));
  }
  if (kind !== undefined) {
    conditions.push('kind = ?');
    parameters.push(kind);
  }
  return { where: conditions.join(' AND '), parameters };
}

interface JobRow {
  readonly id: string;
  readonly record: string;
  /** Of the record. */
  readonly checksum: number;
}

/** @throws AlcoveError DamagedError */
function toJob(row: JobRow): Job {
  checkRow(row, 'job', row.id, [row.record]);
  return JSON.parse(row.record) as Job;
}
