import { createClient, orThrow } from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { ProgressBar } from './ProgressBar.ts';

export interface ReindexOptions {
  readonly type?: 'AUTO' | 'FLAT' | 'KD_TREE' | 'LSH' | 'HNSW';
  readonly m?: number;
  readonly efConstruction?: number;
  readonly minRecall?: number;
}

/** The status of a process that Ctrl-C has ended, as shells have it. */
const INTERRUPTED = 130;

/** Starts a build of a library's index and follows it to its end. Ctrl-C stops following; the build goes on. */
export async function reindex(url: string, library: string, options: ReindexOptions): Promise<void> {
  const client = createClient({ url });
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

  const bar = new ProgressBar();
  process.once('SIGINT', () => {
    bar.end();
    process.stderr.write(`alcove: ${job.id} goes on; the mutation cancelJob stops it\n`);
    process.exit(INTERRUPTED);
  });
  for await (const event of client.followJob(job.id)) {
    const { progress, state, error, attempt } = event.job;
    if (event.kind === 'RESTARTED')
      bar.print(`the server restarted; the build starts again (attempt ${attempt})`);
    bar.update(progress.phase.toLowerCase(), progress.done, progress.total, pace(progress));
    if (event.kind !== 'FINISHED') continue;
    bar.end();
    await client.close();
    if (state !== 'SUCCEEDED')
      throw new CommandError(`${job.id} ${state.toLowerCase()}: ${error?.message ?? 'no reason given'}`);
    process.stdout.write(`${job.id} succeeded\n`);
  }
}

function pace(progress: {
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
}): string {
  const rate = progress.ratePerSecond === null ? '' : `${Math.round(progress.ratePerSecond)}/s`;
  const eta = progress.etaSeconds === null ? '' : `  ${Math.ceil(progress.etaSeconds)} s left`;
  return rate + eta;
}
