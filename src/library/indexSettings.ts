import { VECTOR_PLACES } from '../indexes/parameters.ts';
import { checkWholeNumber, invalidArgument, quote } from './checks.ts';
import { MAX_EF_CONSTRUCTION, MAX_M, MIN_EF_CONSTRUCTION, MIN_M } from './limits.ts';
import type { IndexSettings } from './types.ts';

const TYPES: readonly string[] = ['AUTO', 'FLAT', 'KD_TREE', 'LSH', 'HNSW'] satisfies IndexSettings['type'][];

const CODE_KINDS: readonly string[] = ['SCALAR', 'BINARY'] satisfies IndexSettings['codes'][];

/** Those that have binary codes; AUTO because it may choose a graph. */
const BINARY_TYPES: readonly string[] = ['HNSW', 'AUTO'] satisfies IndexSettings['type'][];

/** @throws AlcoveError InvalidArgumentError for what is out of range; `path` leads to the settings. */
export function checkIndexSettings(settings: IndexSettings, path: readonly string[]): void {
  const { type, m, efConstruction, vectors = 'IN_MEMORY', codes = 'SCALAR' } = settings;
  if (!TYPES.includes(type))
    throw invalidArgument('the index type', quote(type), `one of ${TYPES.join(', ')}`, [...path, 'type']);
  if (!VECTOR_PLACES.includes(vectors))
    throw invalidArgument('the place of vectors', quote(vectors), `one of ${VECTOR_PLACES.join(', ')}`, [
      ...path,
      'vectors',
    ]);
  if (!CODE_KINDS.includes(codes))
    throw invalidArgument('the kind of codes', quote(codes), `one of ${CODE_KINDS.join(', ')}`, [
      ...path,
      'codes',
    ]);
  if (codes === 'BINARY' && !BINARY_TYPES.includes(type))
    throw invalidArgument(
      'the codes',
      `BINARY with ${type}`,
      `SCALAR, or one of the types ${BINARY_TYPES.join(', ')}`,
      [...path, 'codes'],
    );
  checkWholeNumber('m', m, { min: MIN_M, max: MAX_M }, [...path, 'm']);
  const range = { min: MIN_EF_CONSTRUCTION, max: MAX_EF_CONSTRUCTION };
  checkWholeNumber('efConstruction', efConstruction, range, [...path, 'efConstruction']);
}
