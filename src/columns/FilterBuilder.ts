import type { MetadataField } from '../library/types.ts';
import type { Predicate } from '../store/predicate.ts';
import type { Column } from './Column.ts';
import { type ColumnSpec, columnFor, type Leaf } from './ColumnSpec.ts';
import { columnNode, RangeNode } from './columnNode.ts';
import { AndNode, type FilterNode, NotNode, OrNode, StoreNode } from './FilterNode.ts';

/** The columns that a predicate needs; what is left is for the store. */
export function columnsOf(predicate: Predicate, fields: readonly MetadataField[]): ColumnSpec[] {
  const specs = leavesOf(predicate).map((leaf) => columnFor(leaf, fields));
  const needed = specs.filter((spec) => spec !== undefined);
  return [...new Map(needed.map((spec) => [spec.key, spec])).values()];
}

function leavesOf(predicate: Predicate): Leaf[] {
  switch (predicate.kind) {
    case 'and':
      return predicate.all.flatMap(leavesOf);
    case 'or':
      return predicate.any.flatMap(leavesOf);
    case 'not':
      return leavesOf(predicate.that);
    default:
      return [predicate];
  }
}

/** The slots for which a part of a predicate holds, as the store says; among the candidates where those are given. */
type AskStore = (part: Predicate, candidates?: Uint32Array) => Uint32Array;

/** Makes a predicate into nodes over columns. What no column can answer is one question to the store, as large as can be. */
export class FilterBuilder {
  /** The columns that the nodes made so far look at. */
  readonly used = new Set<Column>();
  readonly #fields: readonly MetadataField[];
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #ask: AskStore;
  #asksStore = false;

  constructor(fields: readonly MetadataField[], columns: ReadonlyMap<string, Column>, ask: AskStore) {
    this.#fields = fields;
    this.#columns = columns;
    this.#ask = ask;
  }

  /** Whether any of the nodes asks the store. */
  get asksStore(): boolean {
    return this.#asksStore;
  }

  build(predicate: Predicate): FilterNode {
    const leaves = leavesOf(predicate);
    if (leaves.length > 0 && !leaves.some((leaf) => columnFor(leaf, this.#fields))) {
      this.#asksStore = true;
      return new StoreNode((candidates) => this.#ask(predicate, candidates));
    }
    switch (predicate.kind) {
      case 'and':
        return this.#and(predicate.all.map((part) => this.build(part)));
      case 'or':
        return new OrNode(predicate.any.map((part) => this.build(part)));
      case 'not':
        return new NotNode(this.build(predicate.that));
      default:
        return this.#leaf(predicate);
    }
  }

  /** Ranges over one column become one, and the store comes last: it need not be asked about what is out already. */
  #and(parts: readonly FilterNode[]): FilterNode {
    const ranges = new Map<Column, RangeNode>();
    for (const part of parts) {
      if (!(part instanceof RangeNode)) continue;
      const before = ranges.get(part.column);
      ranges.set(part.column, before === undefined ? part : before.and(part.range));
    }
    const others = parts.filter((part) => !(part instanceof RangeNode));
    const ofStore = others.filter((part) => part instanceof StoreNode);
    const ofColumns = others.filter((part) => !(part instanceof StoreNode));
    return new AndNode([...ranges.values(), ...ofColumns, ...ofStore]);
  }

  #leaf(leaf: Leaf): FilterNode {
    const column = this.#columns.get(columnFor(leaf, this.#fields)?.key ?? '');
    if (column === undefined) throw new Error('A filter needs all of its columns.');
    this.used.add(column);
    return columnNode(column, leaf.test);
  }
}
