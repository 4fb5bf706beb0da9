import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AlcoveClient, createClient, orThrow } from '../client/index.ts';
import { contentTypeOf } from '../ingest/contentTypes.ts';
import { CommandError } from './CommandError.ts';
import { filesBelow, importFiles, type SourceFile, sourceFile } from './importFiles.ts';
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

/** Each file once, however often it is named. Two of one name would be one document, the second in the first's place. */
function filesAtAll(paths: readonly string[]): SourceFile[] {
  const byName = new Map<string, SourceFile>();
  for (const file of paths.flatMap(filesAt)) {
    const same = byName.get(file.name);
    if (same !== undefined && same.path !== file.path) {
      throw new CommandError(
        `${same.path} and ${file.path} would both be the document ${file.name}; import them into libraries of their own, or the folder above them`,
      );
    }
    byName.set(file.name, file);
  }
  return [...byName.values()];
}

/** @throws CommandError, or AlcoveError InvalidArgumentError for a file of another kind. */
function filesAt(path: string): SourceFile[] {
  const absolute = resolve(path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) throw new CommandError(`${absolute} does not exist`);
  if (stats.isDirectory()) return filesBelow(absolute);
  contentTypeOf({ fileName: absolute });
  return [sourceFile(absolute)];
}

/** Two imports that start at once may both try to make it; one of them finds it made. */
async function ensureLibrary(client: AlcoveClient, name: string): Promise<void> {
  if ((await client.library({ name })) !== null) return;
  const payload = await client.createLibrary({ name });
  if (payload.__typename !== 'NameTakenError') orThrow(payload);
}
