import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orThrow } from '../client/index.ts';
import { CommandError } from './CommandError.ts';
import { importFiles } from './importFiles.ts';
import { ProgressBar } from './ProgressBar.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';
import { filesBelow, type SourceFile, sourceFile } from './sourceFiles.ts';

/** The library that holds Alcove's own documentation. */
export const SAMPLE_LIBRARY = 'alcove-docs';

const DESCRIPTION = "Alcove's own documentation, embedded by the built-in embedder.";
/** What the library says until it is complete; one that a start was interrupted in is completed by the next. */
const LOADING = "Alcove's own documentation, being loaded.";

const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

/** Loads the sample library if it is not all there, through the API as any client would. Returns whether it is there. */
export async function loadSample(server: ServerOptions): Promise<boolean> {
  const client = clientOf(server);
  const library = { name: SAMPLE_LIBRARY };
  const found = await client.library(library);
  if (found !== null && found.description !== LOADING) return true;
  const files = documentation();
  if (files.length === 0) return false;

  if (found === null) orThrow(await client.createLibrary({ ...library, description: LOADING }));
  const bar = new ProgressBar();
  const report = await importFiles(client, SAMPLE_LIBRARY, files, {
    onProgress: (done, note) => bar.update('sample', done, files.length, note),
  });
  bar.end();
  const [failure] = report.failures;
  if (failure !== undefined)
    throw new CommandError(`the sample library: ${failure.name}: ${failure.message}`);
  orThrow(await client.updateLibrary({ library, description: DESCRIPTION }));
  return true;
}

/** The pages that come with the package. They have no address: where they lie on this machine is nobody's business. */
function documentation(): SourceFile[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const docs = join(root, 'docs');
  const pages = PAGES.map((page) => join(root, page)).filter((path) => existsSync(path));
  const files = [
    ...pages.map((path) => sourceFile(path, 'alcove')),
    ...(existsSync(docs) ? filesBelow(docs) : []),
  ];
  return files.map((file) => ({ ...file, base: null }));
}
