import type { KnnRequest } from '../../src/search/KnnSearch.ts';
import type { Item } from './TestSearch.ts';

/** A chunk without metadata. */
export function item(id: string, vector: readonly number[], documentId = 'doc_1'): Item {
  return { id, documentId, vector: Float32Array.from(vector), metadata: {} };
}

/** The question what is near a point. */
export function at(...vector: number[]): Pick<KnnRequest, 'query'> {
  return { query: { vector: Float32Array.from(vector) } };
}

/** Five chunks on a line, in two documents. */
export const LINE: readonly Item[] = [
  item('chk_0', [0, 0]),
  item('chk_1', [1, 0]),
  item('chk_2', [2, 0]),
  item('chk_3', [3, 0], 'doc_2'),
  item('chk_4', [4, 0], 'doc_2'),
];
