import { foldCase } from '../store/foldCase.ts';
import type { Test } from '../store/predicate.ts';

/** A value as a filter compares it; booleans are 0 and 1. */
export type ColumnValue = number | string | readonly string[];

/** Makes a test of a value that is there, as store/predicate.ts means it; false for values of another type. */
export function holds(test: Test): (value: ColumnValue) => boolean {
  switch (test.op) {
    case 'exists':
      return () => test.value;
    case 'eq':
      return (value) => value === test.value;
    case 'ne':
      return (value) => value !== test.value;
    case 'gt':
      return (value) => value > test.value;
    case 'gte':
      return (value) => value >= test.value;
    case 'lt':
      return (value) => value < test.value;
    case 'lte':
      return (value) => value <= test.value;
    case 'in': {
      const values = new Set<unknown>(test.values);
      return (value) => values.has(value);
    }
    case 'containsAny':
      return (value) => typeof value === 'object' && test.values.some((wanted) => value.includes(wanted));
    case 'containsAll':
      return (value) => typeof value === 'object' && test.values.every((wanted) => value.includes(wanted));
    default: {
      const needle = foldCase(test.value);
      const { op } = test;
      return (value) => {
        if (typeof value !== 'string') return false;
        const text = foldCase(value);
        if (op === 'contains') return text.includes(needle);
        return op === 'startsWith' ? text.startsWith(needle) : text.endsWith(needle);
      };
    }
  }
}
