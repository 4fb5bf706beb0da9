import type { Dataset } from '../data/Dataset.ts';
import { recallOf, type Truth } from '../data/truth.ts';
import type { Engine } from '../engines/Engine.ts';
import type { CurvePoint } from './curve.ts';
import { type Round, searchRound } from './searchRound.ts';
import { measured, median, quantile } from './statistics.ts';

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

/**
 * Each query counts with its median over the rounds. So a moment that the machine was busy with something else is left out,
 * for every engine alike; what an engine itself does now and then is in all rounds, and counts.
 */
function pointOf(effort: number, rounds: readonly Round[], dataset: Dataset, truth: Truth): CurvePoint {
  const found = rounds[0]?.found ?? [];
  const latenciesMs = found.map((_, query) =>
    median(rounds.map((round) => round.latenciesMs[query] as number)),
  );
  return {
    effort,
    recall: recallOf(dataset, truth, found),
    rate: (1_000 * latenciesMs.length) / latenciesMs.reduce((sum, ms) => sum + ms, 0),
    spread: measured(rounds.map((round) => round.rate)).spread,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}
