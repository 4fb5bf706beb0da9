import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items dealt with before others get their turn: a few milliseconds' worth of chunks with their vectors. */
const ITEMS_PER_TURN = 500;

/** What `work` makes of each item, in order. Other requests get their turn after every {@link ITEMS_PER_TURN} items. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % ITEMS_PER_TURN === 0) await nextTurn();
    results.push(work(item, index));
  }
  return results;
}
