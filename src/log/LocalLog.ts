import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/Database.ts';
import { ownedKey, purgeAnswers, rememberAnswer } from '../store/idempotency.ts';
import { readRevision, writeRevision } from '../store/meta.ts';
import { beginSession } from '../store/sessions.ts';
import { isOutOfFiles, sqliteTrouble } from '../store/sqliteErrors.ts';
import { measurements } from '../telemetry/Measurements.ts';
import { recordSpan, traceparent } from '../telemetry/spans.ts';
import type { CommandLog, Entry } from './CommandLog.ts';
import { diskFull, shuttingDown, storeBusy, storeFailed } from './refusals.ts';
import { rememberedAnswer } from './rememberedAnswer.ts';

/** Commands that share one transaction at most. */
export const MAX_GROUP_COMMANDS = 500;
/** A group takes no further command after this long, so that one slow command does not hold up many answers. */
const MAX_GROUP_MS = 50;

/** What a command answers: plain JSON data, since the answer to an idempotency key is stored. */
export interface Answer {
  /** The revision at which the command's effect can be read. */
  readonly revision: number;
  /** False: the command changed nothing, and whatever `apply` wrote is taken back. */
  readonly written: boolean;
}

interface LocalLogOptions<Command, Result extends Answer, Change extends { readonly outcome: Result }> {
  /** The one READ_WRITE connection. The log does not close it. */
  readonly database: Database;
  /**
   * Makes the change inside the log's transaction, deterministically, and says what it was. `revision` is what the
   * change becomes if it is written; `libraries` are those of the entry. An AlcoveError refuses the command; any other exception is a bug, undone likewise.
   */
  readonly apply: (
    database: Database,
    command: Command,
    revision: number,
    libraries?: ReadonlySet<string>,
  ) => Change;
  /** Called after the commit and before its commands are answered, with what was written. If it fails, that is fatal. */
  readonly onCommitted?: (changes: readonly Change[]) => void | Promise<void>;
  /** The store failed: nothing is known of the last group. The process must end and read the disk afresh. */
  readonly onFatal: (error: unknown) => void;
  /** Milliseconds since the epoch; dates the idempotency keys. */
  readonly now?: () => number;
}

interface Pending<Command, Result> {
  readonly entry: Entry<Command>;
  /** The trace that it is part of, if it is of one. */
  readonly trace: string | undefined;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** The commands of one transaction: what was written, and the answers that wait for the commit. */
interface Group<Command, Result, Change> {
  readonly members: Pending<Command, Result>[];
  readonly changes: Change[];
  readonly answers: (() => void)[];
  /** The command that met damage in the file; SQLite does not commit a transaction after that. */
  offender?: Pending<Command, Result>;
}

/**
 * The command log of a single node: the log is the SQLite transaction itself. Commands that are submitted in one turn
 * of the event loop, or while a transaction runs, are committed together, so that one fsync serves them all; each has
 * a savepoint of its own, so that a refused one leaves nothing and harms no other.
 *
 * A full disk refuses the group with StoreUnavailableError and goes on. Damage in the file refuses the command that met
 * it, and the rest of its group is applied again without it. A failed commit or I/O error is never retried:
 * after a failed fsync the system may have dropped the pages that were to be written, so only a fresh start can know
 * what is on the disk.
 */
export class LocalLog<Command, Result extends Answer, Change extends { readonly outcome: Result }>
  implements CommandLog<Command, Result>
{
  readonly #options: LocalLogOptions<Command, Result, Change>;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #pending: Pending<Command, Result>[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;
  #hasFailed = false;
  /** Whether this log's session is in the database: from its first commit. */
  #hasBegun = false;

  constructor(options: LocalLogOptions<Command, Result, Change>) {
    this.#options = options;
    this.#database = options.database;
    this.#now = options.now ?? Date.now;
  }

  submit(entry: Entry<Command>): Promise<Result> {
    if (this.#hasFailed) return Promise.reject(storeFailed());
    if (this.#isClosed) return Promise.reject(shuttingDown());
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#pending.push({ entry, trace: traceparent(), resolve, reject });
    this.#draining ??= this.#drain();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    await nextTurn();
    while (this.#pending.length > 0 && !this.#hasFailed) {
      await this.#commitGroup();
      // The answers go out before the log is checkpointed, and what arrived meanwhile joins the next group.
      await nextTurn();
      this.#checkpoint();
    }
    this.#draining = undefined;
  }

  async #commitGroup(): Promise<void> {
    const group: Group<Command, Result, Change> = { members: [], changes: [], answers: [] };
    const startedAt = performance.now();
    try {
      this.#transact(group);
      this.#measure('store commit', group, startedAt);
    } catch (error) {
      this.#abandon(group, error);
      return;
    }
    try {
      const committedAt = performance.now();
      if (group.changes.length > 0) await this.#options.onCommitted?.(group.changes);
      this.#trace('index apply', group, committedAt);
    } catch (error) {
      this.#fail(group, error);
      return;
    }
    for (const answer of group.answers) answer();
  }

  #measure(name: string, group: Group<Command, Result, Change>, startedAt: number): void {
    measurements.observe('alcove_commit_duration_seconds', [], (performance.now() - startedAt) / 1_000);
    measurements.observe('alcove_commit_commands', [], group.members.length);
    this.#trace(name, group, startedAt);
  }

  /** A group is part of as many traces as commands of it are. */
  #trace(name: string, { members }: Group<Command, Result, Change>, startedAt: number): void {
    for (const { trace } of members)
      recordSpan(name, { 'alcove.commands': members.length }, trace, performance.timeOrigin + startedAt);
  }

  /** Applies pending commands in one transaction and commits it. Throws only what concerns the whole group. */
  #transact(group: Group<Command, Result, Change>): void {
    const now = this.#now();
    const closesAt = performance.now() + MAX_GROUP_MS;
    this.#database.run('BEGIN IMMEDIATE');
    const before = readRevision(this.#database);
    let revision = before;
    do {
      const pending = this.#pending.shift();
      if (pending === undefined) break;
      group.members.push(pending);
      if (this.#applyOne(group, pending, revision + 1, now)) revision += 1;
    } while (group.members.length < MAX_GROUP_COMMANDS && performance.now() < closesAt);
    const isWritten = revision > before;
    if (isWritten) {
      if (!this.#hasBegun) beginSession(this.#database, randomUUID(), before);
      writeRevision(this.#database, revision);
      purgeAnswers(this.#database, now);
    }
    this.#database.run('COMMIT');
    this.#hasBegun ||= isWritten;
  }

  /** Applies one command, or undoes it. Returns whether the revision was used. */
  #applyOne(
    group: Group<Command, Result, Change>,
    pending: Pending<Command, Result>,
    revision: number,
    now: number,
  ): boolean {
    this.#database.run('SAVEPOINT command');
    let change: Change | undefined;
    try {
      const { idempotency } = pending.entry;
      let outcome = idempotency && rememberedAnswer<Result>(this.#database, idempotency, now);
      if (outcome === undefined) {
        change = this.#apply(pending.entry, revision, now);
        outcome = change.outcome;
      }
      const answer = outcome;
      group.answers.push(() => pending.resolve(answer));
    } catch (error) {
      const trouble = sqliteTrouble(error);
      if (trouble === 'DAMAGED') group.offender = pending;
      const endsTransaction = trouble !== undefined && trouble !== 'CONSTRAINT';
      if (endsTransaction || !this.#database.inTransaction) throw error;
      this.#database.run('ROLLBACK TO command');
      group.answers.push(() => pending.reject(error));
    }
    this.#database.run('RELEASE command');
    if (change?.outcome.written !== true) return false;
    group.changes.push(change);
    return true;
  }

  /** Applies a command and remembers what it answers under its idempotency key. */
  #apply(entry: Entry<Command>, revision: number, now: number): Change {
    const change = this.#options.apply(this.#database, entry.command, revision, entry.libraries);
    if (!change.outcome.written) this.#database.run('ROLLBACK TO command');
    if (entry.idempotency !== undefined) {
      const { key, fingerprint, owner } = entry.idempotency;
      rememberAnswer(
        this.#database,
        ownedKey(key, owner),
        { fingerprint, result: JSON.stringify(change.outcome) },
        now,
      );
    }
    return change;
  }

  /** The transaction did not commit: the group is refused, or, if it is not known what the disk holds, all ends. */
  #abandon(group: Group<Command, Result, Change>, error: unknown): void {
    const trouble = sqliteTrouble(error);
    const isHarmless = trouble === 'FULL' || trouble === 'BUSY' || group.offender !== undefined;
    if (!isHarmless) {
      this.#fail(group, error);
      return;
    }
    try {
      if (this.#database.inTransaction) this.#database.run('ROLLBACK');
    } catch (rollbackError) {
      this.#fail(group, rollbackError);
      return;
    }
    if (group.offender !== undefined) {
      group.offender.reject(error);
      this.#pending.unshift(...group.members.filter((pending) => pending !== group.offender));
      return;
    }
    // A busy database has refused the transaction before it took a command from the queue.
    const refused = group.members.length > 0 ? group.members : this.#pending.splice(0, MAX_GROUP_COMMANDS);
    const refusal = trouble === 'FULL' ? diskFull(error) : storeBusy(error);
    for (const { reject } of refused) reject(refusal);
  }

  #fail(group: Group<Command, Result, Change> | undefined, error: unknown): void {
    this.#hasFailed = true;
    const failure = storeFailed(error);
    for (const { reject } of group?.members ?? []) reject(failure);
    for (const { reject } of this.#pending.splice(0)) reject(failure);
    this.#options.onFatal(error);
  }

  #checkpoint(): void {
    if (this.#hasFailed) return;
    try {
      this.#database.checkpointIfDue();
    } catch (error) {
      const trouble = sqliteTrouble(error);
      // The write-ahead log still holds everything; the next checkpoint copies it again from there.
      if (trouble === 'FULL' || trouble === 'BUSY' || isOutOfFiles(error)) return;
      this.#fail(undefined, error);
    }
  }
}
