import { orThrow } from '../client/index.ts';
import { followBuild } from './followBuild.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

export interface ReindexOptions {
  readonly type?: 'AUTO' | 'FLAT' | 'KD_TREE' | 'LSH' | 'HNSW';
  readonly m?: number;
  readonly efConstruction?: number;
  readonly minRecall?: number;
}

/** Starts a build of a library's index and follows it to its end. Ctrl-C stops following; the build goes on. */
export async function reindex(
  server: ServerOptions,
  library: string,
  options: ReindexOptions,
): Promise<void> {
  const client = clientOf(server);
  const { type, m, efConstruction, minRecall } = options;
  const settings = {
    ...(type === undefined ? {} : { type }),
    ...(m === undefined ? {} : { m }),
    ...(efConstruction === undefined ? {} : { efConstruction }),
  };
  const { job } = orThrow(
    await client.reindex({
      library: { name: library },
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
      ...(minRecall === undefined ? {} : { minRecall }),
    }),
  );
  await followBuild(client, job);
}
