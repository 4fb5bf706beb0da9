/** A command with what the log itself needs to know of it. */
export interface Entry<Command> {
  readonly command: Command;
  /** The same key with the same fingerprint answers what the first one answered; with another it is refused. */
  readonly idempotency?: {
    readonly key: string;
    readonly fingerprint: string;
    /** Whose key it is: the same key of another is another. Absent: nobody's in particular. */
    readonly owner?: string;
  };
  /** Ids of the libraries that the sender may see; in others there is nothing for it. Absent: all. */
  readonly libraries?: ReadonlySet<string>;
}

/**
 * The one way in for changes. Commands are ordered, applied deterministically and made durable; then they are answered.
 * The local log is the SQLite transaction itself; a replicated log will be a second implementation.
 */
export interface CommandLog<Command, Result> {
  /**
   * Resolves when the command is durable and applied, with what applying it returned; rejects with the AlcoveError
   * that refused it, in which case nothing of it was written.
   */
  submit(entry: Entry<Command>): Promise<Result>;

  /** Resolves when everything submitted so far has been answered; nothing is accepted afterwards. */
  close(): Promise<void>;
}
