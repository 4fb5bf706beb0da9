import { orThrow, type ReembedInput } from '../client/index.ts';
import { followBuild } from './followBuild.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

export interface ReembedOptions {
  readonly provider: 'BUILTIN' | 'TRAINED' | 'LOCAL' | 'COHERE' | 'OPENAI' | 'OLLAMA';
  readonly model?: string;
  readonly dimension?: number;
  readonly metric?: 'COSINE' | 'DOT' | 'EUCLIDEAN';
  readonly minRecall?: number;
}

/** Changes a library's model while it serves, and follows the job to its end. Ctrl-C stops following; the job goes on. */
export async function reembed(
  server: ServerOptions,
  library: string,
  options: ReembedOptions,
): Promise<void> {
  const client = clientOf(server);
  const { provider, model, dimension, metric, minRecall } = options;
  const embedding: ReembedInput['embedding'] = {
    provider,
    ...(model === undefined ? {} : { model }),
    ...(dimension === undefined ? {} : { dimension }),
    ...(metric === undefined ? {} : { metric }),
  };
  const { job } = orThrow(
    await client.reembed({
      library: { name: library },
      embedding,
      ...(minRecall === undefined ? {} : { minRecall }),
    }),
  );
  await followBuild(client, job);
}
