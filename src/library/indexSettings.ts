import { VECTOR_PLACES } from '../indexes/parameters.ts';
import { checkWholeNumber, invalidArgument, quote } from './checks.ts';
import { MAX_EF_CONSTRUCTION, MAX_M, MIN_EF_CONSTRUCTION, MIN_M } from './limits.ts';
import type { IndexSettings } from './types.ts';

const TYPES: readonly string[] = ['AUTO', 'FLAT', 'KD_TREE', 'LSH', 'HNSW'] satisfies IndexSettings['type'][];

/** @throws AlcoveError InvalidArgumentError for what is out of range; `path` leads to the settings. */
export function checkIndexSettings(settings: IndexSettings, path: readonly string[]): void {
  const { type, m, efConstruction, vectors = 'IN_MEMORY' } = settings;
  if (!TYPES.includes(type))
    throw invalidArgument('the index type', quote(type), `one of ${TYPES.join(', ')}`, [...path, 'type']);
  if (!VECTOR_PLACES.includes(vectors))
    throw invalidArgument('the place of vectors', quote(vectors), `one of ${VECTOR_PLACES.join(', ')}`, [
      ...path,
      'vectors',
    ]);
  checkWholeNumber('m', m, { min: MIN_M, max: MAX_M }, [...path, 'm']);
  const range = { min: MIN_EF_CONSTRUCTION, max: MAX_EF_CONSTRUCTION };
  checkWholeNumber('efConstruction', efConstruction, range, [...path, 'efConstruction']);
}
