import { AlcoveError } from '../errors.ts';
import type { IndexParameters, IndexType, Metric } from './VectorIndex.ts';

export const MAX_DIMENSION = 16_384;

/** Links per node on the upper layers of an HNSW index. */
export const DEFAULT_M = 16;
export const MIN_M = 2;
export const MAX_M = 128;

/**
 * Breadth of the beam while inserting. 200 finds no more: on five kinds of data (20,000 to 50,000 vectors of 48 to 768
 * dimensions, clustered, uniform, of few dimensions, of norms that differ) recall@10 is the same to ± .001 at equal
 * comparisons from effort 64 on, ± .008 below and in uniform data, and a build takes 8 to 31 % longer.
 */
export const DEFAULT_EF_CONSTRUCTION = 128;
export const MAX_EF_CONSTRUCTION = 4_096;

/** Breadth of the beam of a search that does not say one. */
export const DEFAULT_EFFORT = 64;
/** The same by binary codes, which order less well. */
export const DEFAULT_BINARY_EFFORT = 128;

/** Most slots of a segment: the bitmaps in the zones would otherwise eat up the memory where rows are short. */
export const MAX_SLOTS = 2 ** 23;

/** Types and metrics in the order of their numbers in a file. Add at the end only. */
export const INDEX_TYPES: readonly IndexType[] = ['FLAT', 'HNSW', 'KD_TREE', 'LSH'];
export const METRICS: readonly Metric[] = ['COSINE', 'DOT', 'EUCLIDEAN'];

export const VECTOR_PLACES: readonly Required<IndexParameters>['vectors'][] = ['IN_MEMORY', 'ON_DISK'];

export const CODE_KINDS: readonly Required<IndexParameters>['codes'][] = ['SCALAR', 'BINARY'];

/** From this dimension on codes may be binary: below, so few bits cannot tell neighbours apart. */
export const BINARY_DIMENSION = 128;

/**
 * Up to this dimension there are no codes. Walks compare the rows themselves: they are short, and 7 bits a component
 * cannot tell neighbours apart where many vectors share few dimensions. So do scans: short rows are read as fast.
 */
export const ROW_DIMENSION = 32;

/** Parameters with every default filled in. A type has 0 for what it does not use. */
export type CompleteParameters = Required<IndexParameters>;

/** Whether an index of this type is built over many vectors at once, and scans those that come later. */
export function hasTables(type: IndexType): boolean {
  return type === 'KD_TREE' || type === 'LSH';
}

/** Whether an index of this type finds all of the nearest unless a search gives an effort, so that there is no recall to measure. */
export function isExactType(type: IndexType): boolean {
  return type === 'FLAT' || type === 'KD_TREE';
}

function checkInteger(name: string, got: number, min: number, max: number): void {
  if (Number.isInteger(got) && got >= min && got <= max) return;
  throw new AlcoveError(
    'InvalidArgumentError',
    `${name}: got ${got}, expected an integer from ${min} to ${max}`,
    {
      path: [name],
      detail: { got, expected: `${min} to ${max}` },
    },
  );
}

function checkName(name: string, got: string, known: readonly string[]): void {
  if (known.includes(got)) return;
  const expected = known.join(', ');
  throw new AlcoveError('InvalidArgumentError', `${name}: got ${got}, expected one of ${expected}`, {
    path: [name],
    detail: { got, expected },
  });
}

/**
 * Fills in the defaults.
 * @throws AlcoveError InvalidArgumentError naming the field that is out of range.
 */
export function completeParameters(parameters: IndexParameters): CompleteParameters {
  const isGraph = parameters.type === 'HNSW';
  const complete = {
    type: parameters.type,
    dimension: parameters.dimension,
    metric: parameters.metric,
    seed: parameters.seed,
    m: isGraph ? (parameters.m ?? DEFAULT_M) : 0,
    efConstruction: isGraph ? (parameters.efConstruction ?? DEFAULT_EF_CONSTRUCTION) : 0,
    expected: hasTables(parameters.type) ? (parameters.expected ?? 0) : 0,
    vectors: parameters.vectors ?? 'IN_MEMORY',
    codes: parameters.codes ?? 'SCALAR',
  } as const;
  checkName('type', complete.type, INDEX_TYPES);
  checkName('metric', complete.metric, METRICS);
  checkInteger('dimension', complete.dimension, 1, MAX_DIMENSION);
  checkInteger('seed', complete.seed, 0, 0xffff_ffff);
  if (isGraph) {
    checkInteger('m', complete.m, MIN_M, MAX_M);
    checkInteger('efConstruction', complete.efConstruction, 1, MAX_EF_CONSTRUCTION);
  }
  checkName('vectors', complete.vectors, VECTOR_PLACES);
  if (complete.vectors === 'ON_DISK' && complete.dimension <= ROW_DIMENSION) throw tooFewDimensions(complete);
  checkCodes(complete);
  checkInteger('expected', complete.expected, 0, MAX_SLOTS);
  return complete;
}

function tooFewDimensions({ dimension }: CompleteParameters): AlcoveError {
  return new AlcoveError(
    'InvalidArgumentError',
    `vectors: got ON_DISK with ${dimension} dimensions, expected more than ${ROW_DIMENSION}: below, memory holds nothing but the vectors`,
    { path: ['vectors'], detail: { got: dimension, expected: `more than ${ROW_DIMENSION}` } },
  );
}

function checkCodes({ codes, type, dimension }: CompleteParameters): void {
  checkName('codes', codes, CODE_KINDS);
  if (codes === 'SCALAR' || (type === 'HNSW' && dimension >= BINARY_DIMENSION)) return;
  const got = type === 'HNSW' ? `${dimension} dimensions` : type;
  const expected = `HNSW of at least ${BINARY_DIMENSION} dimensions`;
  throw new AlcoveError('InvalidArgumentError', `codes: got BINARY with ${got}, expected ${expected}`, {
    path: ['codes'],
    detail: { got, expected },
  });
}

/** The parameters as the port shows them: without what the type does not use. */
export function publicParameters(complete: CompleteParameters): IndexParameters {
  const { m, efConstruction, expected, vectors, codes, ...common } = complete;
  const rest = {
    ...common,
    ...(vectors === 'ON_DISK' && { vectors }),
    ...(codes === 'BINARY' && { codes }),
  };
  if (hasTables(complete.type)) return { ...rest, expected };
  return complete.type === 'HNSW' ? { ...rest, m, efConstruction } : rest;
}
