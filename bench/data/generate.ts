import { gaussianFrom, noiseFrom, uniformFrom } from './random.ts';

/** The kinds of data that a seed makes. */
export const SHAPES = ['clustered', 'low-dimensional', 'heavy-tailed', 'uniform'] as const;
export type ShapeName = (typeof SHAPES)[number];

/** What to make: `count × dimension` floats. */
export interface Shape {
  readonly name: ShapeName;
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
}

/** How points in a latent space become vectors. */
interface Latent {
  readonly clusters: number;
  /** Dimensions that the data really has before it is projected up. */
  readonly depth: number;
  /** Deviation of a point from its cluster's centre, in units of that between centres. */
  readonly within: number;
  /** Deviation of the noise that is added to every component after the projection. */
  readonly noise: number;
  /** Deviation of the logarithm of the factor that each vector is multiplied by; 0: none. */
  readonly tail: number;
}

/**
 * clustered: as embeddings are. low-dimensional: a subspace of 12 dimensions and little noise. heavy-tailed: clustered,
 * with norms that differ by orders of magnitude, which is hard under DOT.
 */
const LATENT: Readonly<Record<Exclude<ShapeName, 'uniform'>, Latent>> = {
  clustered: { clusters: 200, depth: 64, within: 0.5, noise: 0.3, tail: 0 },
  'low-dimensional': { clusters: 1, depth: 12, within: 1, noise: 0.02, tail: 0 },
  'heavy-tailed': { clusters: 200, depth: 64, within: 0.5, noise: 0.3, tail: 1 },
};

/** Makes vectors (`count × dimension`, row after row). The first n rows do not depend on how many follow. */
export function generate(shape: Shape): Float32Array {
  const vectors = new Float32Array(shape.count * shape.dimension);
  if (shape.name === 'uniform') {
    const uniform = uniformFrom(shape.seed);
    for (let i = 0; i < vectors.length; i++) vectors[i] = uniform() - 0.5;
    return vectors;
  }
  project(vectors, shape, LATENT[shape.name]);
  return vectors;
}

function project(vectors: Float32Array, { count, dimension, seed }: Shape, latent: Latent): void {
  const gaussian = gaussianFrom(seed);
  const uniform = uniformFrom(seed ^ 0x5bd1e995);
  const fillNoise = noiseFrom(seed ^ 0x27d4eb2f);
  const depth = Math.min(latent.depth, dimension);
  const projection = Float32Array.from({ length: depth * dimension }, gaussian);
  const centres = Float32Array.from({ length: latent.clusters * depth }, gaussian);
  const point = new Float32Array(depth);
  for (let i = 0; i < count; i++) {
    const centre = Math.floor(uniform() * latent.clusters) * depth;
    for (let j = 0; j < depth; j++) point[j] = (centres[centre + j] as number) + latent.within * gaussian();
    const factor = latent.tail === 0 ? 1 : Math.exp(latent.tail * gaussian());
    const row = vectors.subarray(i * dimension, (i + 1) * dimension);
    fillNoise(row);
    for (let d = 0; d < dimension; d++) row[d] = (row[d] as number) * latent.noise;
    addProjected(row, point, projection);
    if (factor !== 1) for (let d = 0; d < dimension; d++) row[d] = (row[d] as number) * factor;
  }
}

/** Adds `point` (`depth`) times `projection` (`depth × dimension`) to a row. Four latent dimensions at a time, to load the row less often. */
function addProjected(row: Float32Array, point: Float32Array, projection: Float32Array): void {
  const dimension = row.length;
  const depth = point.length;
  let j = 0;
  for (; j + 4 <= depth; j += 4) {
    const [w0, w1, w2, w3] = [point[j], point[j + 1], point[j + 2], point[j + 3]] as [
      number,
      number,
      number,
      number,
    ];
    const p0 = projection.subarray(j * dimension, (j + 1) * dimension);
    const p1 = projection.subarray((j + 1) * dimension, (j + 2) * dimension);
    const p2 = projection.subarray((j + 2) * dimension, (j + 3) * dimension);
    const p3 = projection.subarray((j + 3) * dimension, (j + 4) * dimension);
    for (let d = 0; d < dimension; d++) {
      row[d] =
        (row[d] as number) +
        w0 * (p0[d] as number) +
        w1 * (p1[d] as number) +
        w2 * (p2[d] as number) +
        w3 * (p3[d] as number);
    }
  }
  for (; j < depth; j++) {
    const weight = point[j] as number;
    const at = j * dimension;
    for (let d = 0; d < dimension; d++) row[d] = (row[d] as number) + weight * (projection[at + d] as number);
  }
}
