import { encodeVector } from '../../src/client/index.ts';
import { encodeVector as encodeAs } from '../../src/library/vectorValue.ts';

/** What a program asks: the ten nearest to a vector, with their texts. */
const QUERY = `query Nearest($input: KnnSearchInput!) {
  knnSearch(input: $input) {
    ... on KnnConnection { edges { similarity node { id text } } }
    ... on Error { code message }
  }
}`;

export type VectorForm = 'base64' | 'list';

/** Bodies of searches for the `k` nearest to each of the rows of `vectors` (rows × dimension). */
export function knnRequests(
  vectors: Float32Array,
  dimension: number,
  options: {
    readonly library: string;
    readonly k: number;
    readonly form: VectorForm;
    readonly exact?: boolean;
  },
): string[] {
  return Array.from({ length: vectors.length / dimension }, (_, row) => {
    const values = vectors.subarray(row * dimension, (row + 1) * dimension);
    const vector = options.form === 'base64' ? encodeVector(values) : encodeAs(values, 'LIST');
    const input = {
      library: { name: options.library },
      query: { vector },
      k: options.k,
      ...(options.exact && { accuracy: { exact: true } }),
    };
    return JSON.stringify({ query: QUERY, variables: { input } });
  });
}
