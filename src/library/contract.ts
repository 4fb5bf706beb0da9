import { AlcoveError } from '../errors.ts';
import type { VectorRows } from './commands.ts';
import { MAX_DIMENSION, MAX_VECTOR_NORM, MIN_COSINE_NORM } from './limits.ts';
import type { EmbeddingContract } from './types.ts';

type Contract = Omit<EmbeddingContract, 'frozen'>;

/**
 * Checks a vector against its library's contract.
 * @throws AlcoveError DimensionMismatchError; InvalidVectorError for NaN, infinities, no or too many dimensions, a
 *   zero vector under COSINE, or a norm that would overflow.
 */
export function checkVector(
  contract: Pick<Contract, 'dimension' | 'metric'>,
  vector: Float32Array,
  path: readonly string[],
): void {
  const dimension = vector.length;
  if (contract.dimension !== null && dimension !== contract.dimension) {
    throw dimensionMismatch(dimension, contract.dimension, path);
  }
  if (dimension < 1 || dimension > MAX_DIMENSION) {
    throw invalidVector(`${dimension} dimensions`, `1 to ${MAX_DIMENSION}`, path);
  }
  let squares = 0;
  for (let index = 0; index < dimension; index++) {
    const component = vector[index] as number;
    squares += component * component;
  }
  // The sum of squares of finite float32 is finite in float64, so one look at it covers every component.
  if (!Number.isFinite(squares)) {
    const index = vector.findIndex((component) => !Number.isFinite(component));
    throw invalidVector(`${vector[index]} at index ${index}`, 'finite numbers', path);
  }
  const norm = Math.sqrt(squares);
  if (norm > MAX_VECTOR_NORM) throw invalidVector(`a norm of ${norm}`, `at most ${MAX_VECTOR_NORM}`, path);
  if (contract.metric === 'COSINE' && norm < MIN_COSINE_NORM) {
    const got = norm === 0 ? 'a zero vector' : `a norm of ${norm}`;
    throw invalidVector(got, 'a vector with a direction, since the metric is COSINE', path);
  }
}

/** One vector of a command. @throws AlcoveError InvalidVectorError if there is no such row. */
export function vectorRow(vectors: VectorRows, row: number, path: readonly string[]): Float32Array {
  const start = vectors.offsets[row];
  const end = vectors.offsets[row + 1];
  if (start !== undefined && end !== undefined) return vectors.values.subarray(start, end);
  const rows = Math.max(0, vectors.offsets.length - 1);
  throw new AlcoveError(
    'InvalidVectorError',
    `Got no vector for this chunk (row ${row} of ${rows}); expected one.`,
    {
      path,
      detail: { got: row, expected: rows },
    },
  );
}

/** @throws AlcoveError ContractFrozenError unless `wanted` says what is so already (a null dimension says nothing). */
export function checkFrozenContract(current: EmbeddingContract, wanted: Contract): void {
  const differs =
    wanted.provider !== current.provider ||
    wanted.model !== current.model ||
    wanted.metric !== current.metric ||
    wanted.normalized !== current.normalized ||
    wanted.documentPrefix !== current.documentPrefix ||
    wanted.queryPrefix !== current.queryPrefix ||
    (wanted.dimension !== null && wanted.dimension !== current.dimension);
  if (!differs) return;
  const got = describeContract(wanted);
  const expected = describeContract(current);
  throw new AlcoveError(
    'ContractFrozenError',
    `The embedding contract is fixed since the first vector went in: got ${got}; expected ${expected}. Change ` +
      'the model of all of its chunks with `reembed`, or create a library with the wanted contract.',
    { path: ['embedding'], detail: { got, expected } },
  );
}

function describeContract(contract: Contract): string {
  const dimension = contract.dimension === null ? 'any dimension' : `${contract.dimension} dimensions`;
  const normalized = contract.normalized ? ', normalized' : '';
  const prefixes = Object.entries({ documents: contract.documentPrefix, queries: contract.queryPrefix })
    .filter(([, prefix]) => prefix !== undefined)
    .map(([of, prefix]) => `, ${JSON.stringify(prefix)} before ${of}`);
  return `${contract.provider} ${contract.model}, ${dimension}, ${contract.metric}${normalized}${prefixes.join('')}`;
}

function dimensionMismatch(got: number, expected: number, path: readonly string[]): AlcoveError {
  return new AlcoveError(
    'DimensionMismatchError',
    `Got a vector of ${got} dimensions; the library's contract expects ${expected}. Use the model that the library ` +
      `was made for, or create a library of dimension ${got}.`,
    { path, detail: { got, expected } },
  );
}

function invalidVector(got: string, expected: string, path: readonly string[]): AlcoveError {
  return new AlcoveError('InvalidVectorError', `Got a vector with ${got}; expected ${expected}.`, {
    path,
    detail: { got, expected },
  });
}
