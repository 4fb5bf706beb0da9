import { estimateBuiltBytes } from '../indexes/estimateBytes.ts';
import type { IndexParameters, IndexType } from '../indexes/VectorIndex.ts';
import type { IndexSettings, Library } from '../library/types.ts';
import { chooseType, indexParameters } from '../live/indexChoice.ts';

/** What a build would make of a library as it is now. */
export interface BuildPlan {
  readonly type: IndexType;
  /** Why this type, in one sentence. */
  readonly reason: string;
  /** Undefined while the library's dimension is unknown, and so there is nothing to build. */
  readonly parameters: IndexParameters | undefined;
  /** What the index would take in memory. */
  readonly memoryBytes: number;
}

/** Decides what is built with these settings, and estimates its bytes. */
export function planBuild(library: Library, settings: IndexSettings): BuildPlan {
  const { type, reason } = chooseType(settings, library);
  const parameters = indexParameters(library, type, settings);
  const memoryBytes = parameters === undefined ? 0 : estimateBuiltBytes(parameters, library.chunkCount);
  return { type, reason, parameters, memoryBytes };
}
