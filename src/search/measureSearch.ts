import { measurements } from '../telemetry/Measurements.ts';
import type { Attributes } from '../telemetry/spans.ts';
import type { KnnAnswer, SearchPlan } from './KnnSearch.ts';
import type { TextSearchPlan } from './TextSearch.ts';

/** Notes what a search for nearest neighbours did and took; one within a search by meaning counts, too. */
export function measureKnn({ strategy, compared, phases }: SearchPlan): void {
  measurements.count('alcove_searches_total', [strategy]);
  measurements.count('alcove_search_compared_total', [], compared);
  measurePhases(phases);
}

/** Notes what a search by words, by meaning or by both did and took. */
export function measureText({ mode, phases }: TextSearchPlan): void {
  measurements.count('alcove_searches_total', [`TEXT_${mode}`]);
  measurePhases(phases);
}

function measurePhases(phases: readonly { readonly name: string; readonly ms: number }[]): void {
  for (const { name, ms } of phases) measurements.observe('alcove_search_phase_seconds', [name], ms / 1_000);
}

/** What a trace tells of an answer. */
export function spanAttributes({ library, hits, plan }: KnnAnswer): Attributes {
  const { strategy, visited, compared, reranked } = plan;
  return { 'alcove.library': library.id, hits: hits.length, strategy, visited, compared, reranked };
}
