import type { Dataset } from '../data/Dataset.ts';
import { recallOf, type Truth } from '../data/truth.ts';
import type { Engine } from '../engines/Engine.ts';
import type { CurvePoint } from './curve.ts';
import { type Round, searchRound } from './searchRound.ts';
import { measured, quantile } from './statistics.ts';

export interface CurveOptions {
  readonly efforts: readonly number[];
  readonly rounds: number;
}

/** Queries that are run, and not counted, before a round. */
const WARM_UP = 50;

/**
 * The curve from effort to recall and speed of every engine. In each round, and for each effort, every engine takes its turn.
 */
export async function searchCurves(
  engines: readonly Engine[],
  dataset: Dataset,
  truth: Truth,
  { efforts, rounds }: CurveOptions,
): Promise<Map<Engine, CurvePoint[]>> {
  const results = new Map(engines.map((engine) => [engine, new Map<number, Round[]>()]));
  for (let round = 0; round < rounds; round++) {
    for (const effort of efforts) {
      for (const engine of engines) {
        const search = await engine.prepareSearch(dataset.queries, truth.k, effort);
        await searchRound(search, Math.min(WARM_UP, dataset.queries.length));
        const done = await searchRound(search, dataset.queries.length);
        const ofEffort = results.get(engine) as Map<number, Round[]>;
        ofEffort.set(effort, [...(ofEffort.get(effort) ?? []), done]);
      }
    }
  }
  return new Map(
    engines.map((engine) => [
      engine,
      efforts.map((effort) => pointOf(effort, results.get(engine)?.get(effort) ?? [], dataset, truth)),
    ]),
  );
}

function pointOf(effort: number, rounds: readonly Round[], dataset: Dataset, truth: Truth): CurvePoint {
  const { median: rate, spread } = measured(rounds.map((round) => round.rate));
  const latenciesMs = rounds.flatMap((round) => round.latenciesMs);
  return {
    effort,
    recall: recallOf(dataset, truth, rounds[0]?.found ?? []),
    rate,
    spread,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}
