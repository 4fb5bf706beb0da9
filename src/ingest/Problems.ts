import type { ErrorRecord } from '../errors.ts';
import { unreadable } from './unreadable.ts';

/** Problems that are told one by one; of more, the number is told. */
const MAX_TOLD = 100;

/** What could not be read of a file whose other parts could. */
export class Problems {
  readonly #file: string;
  readonly #told: ErrorRecord[] = [];
  #count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get count(): number {
    return this.#count;
  }

  /** @param place `line 7`, `row 12` */
  add(
    place: string,
    reason: 'CORRUPT' | 'TOO_LARGE',
    facts: { got: string; expected: string; todo: string },
  ): void {
    this.#count += 1;
    if (this.#told.length >= MAX_TOLD) return;
    this.#told.push(unreadable(`${this.#file}, ${place}`, reason, facts).toRecord());
  }

  finish(): readonly ErrorRecord[] {
    const untold = this.#count - this.#told.length;
    if (untold === 0) return this.#told;
    const more = unreadable(this.#file, 'CORRUPT', {
      got: `${untold} more parts that cannot be read`,
      expected: 'parts that can',
      todo: 'Mend those that are named, and import it again.',
    });
    return [...this.#told, more.toRecord()];
  }
}
