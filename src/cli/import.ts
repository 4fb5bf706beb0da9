import { type AlcoveClient, orThrow } from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { filesAtAll } from './filesAt.ts';
import { type ImportReport, importFiles } from './importFiles.ts';
import { ProgressBar } from './ProgressBar.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

/** The status of a process that Ctrl-C has ended, as shells have it. */
const INTERRUPTED = 130;

export interface ImportOptions {
  /** Keep documents whose embedder does not answer, to be embedded later. */
  readonly wait?: boolean;
}

/**
 * Imports files and folders into a library, which is made with the built-in embedder if it does not exist. Nothing is
 * sent unless all that is named can be found. Ctrl-C stops sending; what has been sent goes in, and running the command again
 * sends the rest: what is in is not embedded again.
 */
export async function importPaths(
  server: ServerOptions,
  library: string,
  paths: readonly string[],
  { wait = false }: ImportOptions = {},
): Promise<void> {
  const files = filesAtAll(paths);
  if (files.length === 0) throw new CommandError(`no files that can be read in ${paths.join(', ')}`);
  const client = clientOf(server);
  await ensureLibrary(client, library);

  const bar = new ProgressBar();
  bar.update('importing', 0, files.length);
  const jobs: string[] = [];
  process.once('SIGINT', () => {
    bar.end();
    process.stderr.write(
      `alcove: ${jobs.length === 0 ? 'nothing has been sent' : `${jobs.join(', ')} will go on`}; run the command again for the rest\n`,
    );
    process.exit(INTERRUPTED);
  });
  const report = await importFiles(client, library, files, {
    whenEmbedderFails: wait ? 'WAIT' : 'FAIL',
    onProgress: (done, note) => bar.update('importing', done, files.length, note),
    onJob: (id) => void jobs.push(id),
  });
  bar.end();
  await client.close();
  for (const { name, message } of [...report.problems, ...report.failures])
    process.stderr.write(`alcove: ${name}: ${message}\n`);
  process.stdout.write(
    `${report.documents} of ${files.length} documents are in ${library}${notes(report)}\n`,
  );
  if (report.failures.length > 0) {
    const count = report.failures.length;
    throw new CommandError(
      `${count} ${count === 1 ? 'file was' : 'files were'} left out; mend what is said above, and run the command again`,
    );
  }
}

function notes({ unchanged, waiting }: ImportReport): string {
  const parts = [
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(waiting > 0 ? [`${waiting} waiting for the embedder`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Two imports that start at once may both try to make it; one of them finds it made. */
async function ensureLibrary(client: AlcoveClient, name: string): Promise<void> {
  if ((await client.library({ name })) !== null) return;
  const payload = await client.createLibrary({ name });
  if (payload.__typename !== 'NameTakenError') orThrow(payload);
}
