import type { Choice } from './Choice.ts';

/** Values of each kind that are remembered; new ones take the place of old ones. */
const REMEMBERED = 200;

const count = (howMany: number, prefix: string) =>
  Array.from({ length: howMany }, (_, index) => `${prefix}${index}`);

export type KnownKind = 'libraryName' | 'lib' | 'doc' | 'chk' | 'job' | 'fil' | 'cursor' | 'revision';

/** Whose answers are remembered nowhere, so that no operation touches it: what every run looks for between the others. */
export const CANARY = { name: 'canary-5f3a', documentId: 'doc_canary-5f3a', chunkId: 'chk_canary-5f3a' };

/**
 * Names and ids that mean something to the server under test: a few that operations choose for themselves, so that they
 * meet, and those that answers brought.
 */
export class Known {
  readonly #values: Record<KnownKind, string[]> = {
    libraryName: count(5, 'fuzz-'),
    lib: count(5, 'lib_fuzz-'),
    doc: count(12, 'doc_fuzz-'),
    chk: count(60, 'chk_fuzz-'),
    job: ['job_fuzz'],
    fil: ['fil_fuzz'],
    cursor: ['42.0', 'WyJtYW51YWxzIl0'],
    revision: ['0000000000000001'],
  };
  readonly #fixed: Record<KnownKind, number>;

  /** @param more values that are never forgotten either */
  constructor(more: Partial<Record<KnownKind, readonly string[]>> = {}) {
    for (const [kind, values] of Object.entries(more)) this.#values[kind as KnownKind].push(...values);
    this.#fixed = Object.fromEntries(
      Object.entries(this.#values).map(([kind, values]) => [kind, values.length]),
    ) as Record<KnownKind, number>;
  }

  any(kind: KnownKind, choice: Choice): string {
    return choice.from(this.#values[kind]);
  }

  /** Takes up the ids, cursors and revisions of an answer. */
  learn(answer: string): void {
    let taken = 0;
    for (const [, value = '', kind = ''] of answer.matchAll(/"((lib|doc|chk|job|fil)_[\w.~-]{1,80})"/g)) {
      if (taken++ > 5) break;
      if (!value.includes('canary')) this.#remember(kind as KnownKind, value);
    }
    for (const [, name = '', value = ''] of answer.matchAll(/"(\w*[cC]ursor|revision)":"([^"]{1,500})"/g)) {
      if (taken++ > 8) break;
      this.#remember(name === 'revision' ? 'revision' : 'cursor', value);
    }
  }

  #remember(kind: KnownKind, value: string): void {
    const values = this.#values[kind];
    if (values.includes(value)) return;
    if (values.length >= REMEMBERED) values.splice(this.#fixed[kind], 1);
    values.push(value);
  }
}
