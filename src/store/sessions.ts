import type { Database } from './Database.ts';
import { readRevision } from './meta.ts';

/**
 * The sessions of a database are its history: each is one writer's time with it, from its first commit to the next
 * writer's. A copy of the database takes the sessions so far along; what is written to it later is of sessions of its
 * own. So a session and a revision name one state of the data, in whichever copy they are found.
 */

/** A commit, named so that no other in any copy of the database is confused with it. */
export interface Commit {
  readonly session: string;
  readonly revision: number;
}

/** Notes that whatever is committed after `revision` is of a new session. `id` is random. */
export function beginSession(database: Database, id: string, revision: number): void {
  database.run('INSERT INTO sessions (id, after_revision) VALUES (?, ?)', id, revision);
}

/** The last commit. */
export function lastCommit(database: Database): Commit {
  // In this order: should a session begin in between, its history holds this revision as well.
  const revision = readRevision(database);
  const row = database.get<{ id: string }>('SELECT id FROM sessions ORDER BY number DESC LIMIT 1');
  if (row === undefined) throw new Error('The database has no session.');
  return { session: row.id, revision };
}

/** Whether a commit is part of this database's history. */
export function includesCommit(database: Database, { session, revision }: Commit): boolean {
  const found = database.get<{ number: number }>('SELECT number FROM sessions WHERE id = ?', session);
  if (found === undefined) return false;
  const next = database.get<{ revision: number }>(
    'SELECT after_revision AS revision FROM sessions WHERE number > ? ORDER BY number LIMIT 1',
    found.number,
  );
  return revision <= (next?.revision ?? readRevision(database));
}
