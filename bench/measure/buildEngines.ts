import type { Dataset } from '../data/Dataset.ts';
import type { Engine } from '../engines/Engine.ts';

/** Vectors that an engine adds before it is the next one's turn. */
const TURN = 5_000;

/**
 * Builds engines side by side: each adds some thousands of vectors, then the next one does, so that whatever slows the
 * machine down slows down all of them alike. `meanwhile` is run, unmeasured, before the first turn, half way, and after the
 * last. Returns the seconds that each took.
 */
export async function buildEngines(
  engines: readonly Engine[],
  dataset: Dataset,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<Map<Engine, number>> {
  const { count, dimension, vectors } = dataset;
  const seconds = new Map(engines.map((engine) => [engine, 0]));
  const time = async (engine: Engine, work: () => unknown) => {
    const began = performance.now();
    const done = work();
    if (done instanceof Promise) await done;
    seconds.set(engine, (seconds.get(engine) as number) + (performance.now() - began) / 1_000);
  };
  await meanwhile();
  const half = Math.ceil(count / TURN / 2) * TURN;
  for (let first = 0; first < count; first += TURN) {
    if (first === half) await meanwhile();
    const batch = vectors.subarray(first * dimension, Math.min(count, first + TURN) * dimension);
    for (const engine of engines) await time(engine, engine.prepareAdd(first, batch));
  }
  for (const engine of engines) if (engine.finish) await time(engine, () => engine.finish?.());
  await meanwhile();
  return seconds;
}

/** Builds one engine from nothing. Returns the seconds. */
export async function buildOne(engine: Engine, dataset: Dataset): Promise<number> {
  return (await buildEngines([engine], dataset)).get(engine) as number;
}
