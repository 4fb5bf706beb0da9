/** Seeded data for tests and benches. */

/** A small, fast generator of numbers in [0, 1) (mulberry32, Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers (Box and Muller). */
export function gaussianFrom(seed: number): () => number {
  const random = randomFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How the data is shaped. */
export interface Shape {
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
  readonly clusters?: number;
  /** Dimensions that the data really has before it is projected up. */
  readonly latent?: number;
  /** Multiplies each vector by a factor from 1/spread to spread. */
  readonly spread?: number;
}

/**
 * Vectors (`count × dimension`) as embeddings are: Gaussian clusters in a latent space, projected up, plus noise.
 * Uniform random vectors flatter nobody and resemble nothing.
 */
export function clustered({
  count,
  dimension,
  seed,
  clusters = 200,
  latent = 64,
  spread = 1,
}: Shape): Float32Array {
  const gaussian = gaussianFrom(seed);
  const random = randomFrom(seed ^ 0x5bd1e995);
  const depth = Math.min(latent, dimension);
  const projection = Float32Array.from({ length: depth * dimension }, gaussian);
  const centers = Float32Array.from({ length: clusters * depth }, gaussian);
  const vectors = new Float32Array(count * dimension);
  const point = new Float32Array(depth);
  for (let i = 0; i < count; i++) {
    const center = Math.floor(random() * clusters) * depth;
    for (let j = 0; j < depth; j++) point[j] = (centers[center + j] ?? 0) + 0.5 * gaussian();
    const factor = spread ** (2 * random() - 1);
    const row = vectors.subarray(i * dimension, (i + 1) * dimension);
    for (let j = 0; j < depth; j++) {
      const weight = point[j] ?? 0;
      for (let d = 0; d < dimension; d++)
        row[d] = (row[d] ?? 0) + weight * (projection[j * dimension + d] ?? 0);
    }
    for (let d = 0; d < dimension; d++) row[d] = ((row[d] ?? 0) + 0.3 * gaussian()) * factor;
  }
  return vectors;
}

/** The ordinals `first, first + 1, …`. */
export function ordinalsFrom(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => first + i);
}
