import { type AlcoveClient, createClient, orThrow } from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { filesAtAll } from './filesAt.ts';
import { importFiles } from './importFiles.ts';
import { ProgressBar } from './ProgressBar.ts';

/**
 * Imports files and folders into a library, which is made with the built-in embedder if it does not exist. Nothing is
 * written unless all that is named can be found.
 */
export async function importPaths(url: string, library: string, paths: readonly string[]): Promise<void> {
  const files = filesAtAll(paths);
  if (files.length === 0) throw new CommandError(`no files that can be read in ${paths.join(', ')}`);
  const client = createClient({ url });
  await ensureLibrary(client, library);

  const bar = new ProgressBar();
  bar.update('importing', 0, files.length);
  const report = await importFiles(client, library, files, (done, file) =>
    bar.update('importing', done, files.length, file.name),
  );
  bar.end();
  for (const { name, message } of report.failures) process.stderr.write(`alcove: ${name}: ${message}\n`);
  process.stdout.write(`${report.documents} of ${files.length} documents are in ${library}\n`);
  if (report.failures.length > 0) {
    const count = report.failures.length;
    throw new CommandError(
      `${count} ${count === 1 ? 'file was' : 'files were'} left out; mend what is said above, and run the command again`,
    );
  }
}

/** Two imports that start at once may both try to make it; one of them finds it made. */
async function ensureLibrary(client: AlcoveClient, name: string): Promise<void> {
  if ((await client.library({ name })) !== null) return;
  const payload = await client.createLibrary({ name });
  if (payload.__typename !== 'NameTakenError') orThrow(payload);
}
