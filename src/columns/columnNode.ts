import type { Test } from '../store/predicate.ts';
import type { Column } from './Column.ts';
import { DictionaryColumn } from './DictionaryColumn.ts';
import type { FilterNode } from './FilterNode.ts';
import { type ColumnValue, holds } from './holds.ts';
import type { NumberColumn } from './NumberColumn.ts';

/** The part of a filter that tests a column; the column must be able to answer (`columnFor`). */
export function columnNode(column: Column, test: Test): FilterNode {
  if (column instanceof DictionaryColumn) return new DictionaryNode(column, test);
  const range = rangeOf(test);
  return range === undefined ? numberNode(column, test) : new RangeNode(column, range);
}

/** Numbers from `low` to `high`, both included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A range of numbers. Ranges over one column that must all hold are one. */
export class RangeNode implements FilterNode {
  readonly column: NumberColumn;
  readonly #range: Range;

  constructor(column: NumberColumn, range: Range) {
    this.column = column;
    this.#range = range;
  }

  and({ low, high }: RangeNode['range']): RangeNode {
    const range = { low: Math.max(low, this.#range.low), high: Math.min(high, this.#range.high) };
    return new RangeNode(this.column, range);
  }

  get range(): Range {
    return this.#range;
  }

  fill(out: Uint32Array, fromWord: number): void {
    this.column.fillRange(this.#range.low, this.#range.high, out, fromWord);
  }
}

const EVERYTHING: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** The numbers for which a test holds, if they are a range. */
function rangeOf(test: Test): Range | undefined {
  if (test.op === 'exists') return test.value ? EVERYTHING : undefined;
  if (!('value' in test) || typeof test.value !== 'number') return undefined;
  const { value } = test;
  switch (test.op) {
    case 'eq':
      return { low: value, high: value };
    case 'gt':
      return { ...EVERYTHING, low: nextAbove(value) };
    case 'gte':
      return { ...EVERYTHING, low: value };
    case 'lt':
      return { ...EVERYTHING, high: -nextAbove(-value) };
    case 'lte':
      return { ...EVERYTHING, high: value };
    default:
      return undefined;
  }
}

/** The least float64 above a finite one. */
function nextAbove(value: number): number {
  const bits = new BigInt64Array(1);
  const [float] = [new Float64Array(bits.buffer)];
  float[0] = value === 0 ? 0 : value;
  bits[0] = (bits[0] as bigint) + ((float[0] as number) >= 0 ? 1n : -1n);
  return float[0] as number;
}

/** The tests of numbers that are no range: `ne`, `in`, and `exists: false`. */
function numberNode(column: NumberColumn, test: Test): FilterNode {
  if (test.op === 'in') {
    const wanted = new Set(test.values.map(Number));
    return { fill: (out, fromWord) => column.fillAnyOf(wanted, out, fromWord) };
  }
  if (test.op === 'ne') {
    const other = Number(test.value);
    return { fill: (out, fromWord) => column.fillOthers(other, out, fromWord) };
  }
  return {
    fill(out, fromWord) {
      column.fillRange(EVERYTHING.low, EVERYTHING.high, out, fromWord);
      for (let at = 0; at < out.length; at++) out[at] = ~(out[at] as number);
    },
  };
}

/** A test of a column with a dictionary: asked once of each distinct value, and of those that come later when they come. */
class DictionaryNode implements FilterNode {
  readonly #column: DictionaryColumn;
  readonly #test: Test;
  readonly #holds: (value: ColumnValue) => boolean;
  /** By code. */
  #isTrue = new Uint8Array(1);
  #trueCodes: number[] = [];

  constructor(column: DictionaryColumn, test: Test) {
    this.#column = column;
    this.#test = test;
    this.#holds = holds(test);
    this.#isTrue[0] = test.op === 'exists' && !test.value ? 1 : 0;
    if (this.#isTrue[0] === 1) this.#trueCodes.push(0);
  }

  fill(out: Uint32Array, fromWord: number): void {
    this.#learn();
    this.#column.fill(this.#isTrue, this.#trueCodes, out, fromWord);
  }

  /** Asks the test of the values that are new in the dictionary. */
  #learn(): void {
    const { dictionary } = this.#column;
    const known = this.#isTrue.length - 1;
    if (dictionary.size === known) return;
    const isTrue = new Uint8Array(dictionary.size + 1);
    isTrue.set(this.#isTrue);
    this.#isTrue = isTrue;
    const wanted = this.#wantedTexts();
    if (wanted === undefined) {
      for (let number = known; number < dictionary.size; number++) {
        if (this.#holds(this.#value(dictionary.text(number)))) this.#learnTrue(number);
      }
      return;
    }
    for (const text of wanted) {
      const number = dictionary.numberOf(text);
      if (number !== undefined && number >= known) this.#learnTrue(number);
    }
  }

  #learnTrue(number: number): void {
    this.#isTrue[number + 1] = 1;
    this.#trueCodes.push(number + 1);
  }

  /** The texts that are wanted as they are, which need not be looked for one by one. */
  #wantedTexts(): Iterable<string> | undefined {
    if (this.#column.spec.kind === 'STRING_LIST') return undefined;
    if (this.#test.op === 'eq') return [String(this.#test.value)];
    return this.#test.op === 'in' ? new Set(this.#test.values.map(String)) : undefined;
  }

  #value(text: string): ColumnValue {
    const { kind } = this.#column.spec;
    if (kind === 'STRING_LIST') return JSON.parse(text) as string[];
    return kind === 'BOOLEAN' ? Number(text) : text;
  }
}
