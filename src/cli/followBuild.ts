import type { AlcoveClient } from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { ProgressBar } from './ProgressBar.ts';

/** The status of a process that Ctrl-C has ended, as shells have it. */
const INTERRUPTED = 130;

/**
 * Follows a job that builds an index to its end, with a bar, and closes the client. Ctrl-C stops following; the job goes on.
 * @throws CommandError if it does not succeed.
 */
export async function followBuild(client: AlcoveClient, job: { readonly id: string }): Promise<void> {
  const bar = new ProgressBar();
  process.once('SIGINT', () => {
    bar.end();
    process.stderr.write(`alcove: ${job.id} goes on; the mutation cancelJob stops it\n`);
    process.exit(INTERRUPTED);
  });
  for await (const event of client.followJob(job.id)) {
    const { progress, state, error, attempt } = event.job;
    if (event.kind === 'RESTARTED')
      bar.print(`the server restarted; it is taken up again (attempt ${attempt})`);
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
