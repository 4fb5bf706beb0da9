import { type AlcoveClient, AlcoveRequestError, orThrow } from '../../src/client/index.ts';
import { randomFrom } from '../indexes/data.ts';
import {
  applied,
  type Content,
  DRILL_DIMENSION,
  DRILL_LIBRARY,
  type DrillCommand,
  EMPTY,
  linesOf,
  nextCommand,
  send,
} from './DrillCommand.ts';

/** One line of work: a command at a time, on documents and libraries that no other lane touches. */
interface Lane {
  readonly number: number;
  content: Content;
  /** Sent and not answered: it was done whole or not at all. */
  pending: DrillCommand | undefined;
}

/** A command that was answered, and the revision that the answer named. */
interface Entry {
  readonly revision: number;
  readonly lane: number;
  /** When it was sent, by `performance.now()`. */
  readonly sentAt: number;
  readonly command: DrillCommand;
}

/**
 * What several clients at once have asked of a server and what it answered, kept outside of it: so whatever happens to the server,
 * what it must hold is known, but for one command a lane.
 */
export class Ledger {
  readonly lanes: readonly Lane[];
  readonly entries: Entry[] = [];
  /** Answers that no healthy or failing disk explains. */
  readonly faults: string[] = [];
  /** Commands that were refused with the word that nothing was written. */
  refused = 0;
  /** The greatest revision that was answered. */
  revision = 0;
  readonly #random: () => number;
  readonly #run: string;
  #commands = 0;

  constructor(lanes: number, seed: number) {
    this.lanes = Array.from({ length: lanes }, (_, number) => ({
      number,
      content: EMPTY,
      pending: undefined,
    }));
    this.#random = randomFrom(seed);
    this.#run = seed.toString(36);
  }

  /** Makes the library that the lanes write to. */
  async begin(client: AlcoveClient): Promise<void> {
    orThrow(
      await client.createLibrary({
        name: DRILL_LIBRARY,
        embedding: { provider: 'EXTERNAL', model: 'drill', dimension: DRILL_DIMENSION, metric: 'EUCLIDEAN' },
      }),
    );
  }

  /** All lanes send, one command after another each, until `isEnough`, or the server does not answer any more. */
  async work(client: AlcoveClient, isEnough: () => boolean = () => false): Promise<void> {
    await Promise.all(
      this.lanes.map(async (lane) => {
        while (!isEnough() && lane.pending === undefined) {
          this.#commands += 1;
          const key = `${this.#run}-${lane.number}-${this.#commands}`;
          await this.#send(client, lane, nextCommand(key, lane.content, this.#random));
        }
      }),
    );
  }

  /** Sends once more, under the same keys, what was not answered. */
  async resend(client: AlcoveClient): Promise<void> {
    for (const lane of this.lanes)
      if (lane.pending !== undefined) await this.#send(client, lane, lane.pending);
  }

  /** What the server must hold of a lane: one or the other. */
  expected({ content, pending }: Lane): readonly (readonly string[])[] {
    const possible = pending === undefined ? [content] : [content, applied(content, pending)];
    return possible.map(linesOf);
  }

  /** What the server held at a revision, in any order. */
  linesAt(revision: number): string[] {
    return this.lanes.flatMap(({ number }) => {
      const done = this.entries.filter((entry) => entry.lane === number && entry.revision <= revision);
      return linesOf(done.reduce((content, { command }) => applied(content, command), EMPTY));
    });
  }

  async #send(client: AlcoveClient, lane: Lane, command: DrillCommand): Promise<void> {
    lane.pending = command;
    const sentAt = performance.now();
    try {
      const revision = await send(client, command);
      this.entries.push({ revision, lane: lane.number, sentAt, command });
      this.revision = Math.max(this.revision, revision);
      lane.content = applied(lane.content, command);
      lane.pending = undefined;
    } catch (error) {
      if (!(error instanceof AlcoveRequestError)) throw error;
      const isRefused = /^Nothing was written/.test(error.message);
      const isUnknown = error.code === 'UNREACHABLE' || error.code === 'UNAVAILABLE';
      if (isRefused) {
        this.refused += 1;
        lane.pending = undefined;
      } else if (!isUnknown)
        this.faults.push(`${command.kind} ${command.key}: ${error.code} ${error.message}`);
    }
  }
}
