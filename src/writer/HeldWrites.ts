import type { Command } from './Writer.ts';

/** Where the library of a command is looked up. */
export interface HeldWritesOptions {
  readonly libraryIdOf: (command: Command) => string | undefined;
}

/** The commands that write chunks, and so can leave one without a vector of the next set. */
const WRITING: readonly Command['type'][] = [
  'createDocument',
  'writeChunks',
  'updateChunk',
  'embedPending',
  'recordImportFile',
];

/** Writes of chunks to a library wait here for a moment while it changes to another model. */
export class HeldWrites {
  readonly #options: HeldWritesOptions;
  readonly #held = new Map<string, PromiseWithResolvers<void>>();

  constructor(options: HeldWritesOptions) {
    this.#options = options;
  }

  /** Holds back what comes to a library from now on, until what is returned is called. */
  hold(libraryId: string): () => void {
    const held = Promise.withResolvers<void>();
    this.#held.set(libraryId, held);
    return () => {
      if (this.#held.get(libraryId) === held) this.#held.delete(libraryId);
      held.resolve();
    };
  }

  /** Resolves when a command may go on: at once, unless its library is held. */
  async pass(command: Command): Promise<void> {
    while (this.#held.size > 0 && WRITING.includes(command.type)) {
      const libraryId = this.#options.libraryIdOf(command);
      const held = libraryId === undefined ? undefined : this.#held.get(libraryId);
      if (held === undefined) return;
      await held.promise;
    }
  }
}
