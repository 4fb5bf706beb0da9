import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AlcoveClient, orThrow } from '../client/index.ts';
import { extractText, isSupportedFile } from '../ingest/extract.ts';

/** Documents that are on their way to the server at once. */
const CONCURRENCY = 4;
/** Hexadecimal digits of a path's hash in its document's id. */
const ID_DIGITS = 32;

export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  /** Its path from the folder that was named; what its document's id is made of, which so survives the folder's moving. */
  readonly name: string;
  /** Where the document says that it is from. */
  readonly url: string | null;
}

export interface ImportReport {
  readonly documents: number;
  readonly failures: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Writes each file as one document, chunked and embedded by the server, and called as its text calls itself. Its id comes
 * from the file's name, so that importing again replaces it. A file that fails is reported, and the others go in.
 */
export async function importFiles(
  client: AlcoveClient,
  library: string,
  files: readonly SourceFile[],
  onProgress: (done: number, file: SourceFile) => void = () => {},
): Promise<ImportReport> {
  const failures: { name: string; message: string }[] = [];
  const waiting = files.values();
  let done = 0;
  const worker = async () => {
    for (const file of waiting) {
      try {
        await importFile(client, library, file);
      } catch (error) {
        failures.push({ name: file.name, message: (error as Error).message });
      }
      done += 1;
      onProgress(done, file);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return { documents: files.length - failures.length, failures };
}

async function importFile(client: AlcoveClient, library: string, file: SourceFile): Promise<void> {
  const { text, contentType } = extractText({ bytes: readFileSync(file.path), fileName: file.path });
  orThrow(
    await client.upsertDocument({
      library: { name: library },
      id: documentId(library, file.name),
      ...(text.trim() === '' ? { title: basename(file.path) } : {}),
      sourceUrl: file.url,
      contentType,
      content: { text },
    }),
  );
}

/** The same file in the same library is the same document. */
function documentId(library: string, name: string): string {
  return `doc_${createHash('sha256').update(`${library}\0${name}`).digest('hex').slice(0, ID_DIGITS)}`;
}

/** The supported files of a folder and the folders in it, by name. Hidden ones, links and node_modules are left out. */
export function filesBelow(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return filesBelow(path).map((file) => ({ ...file, name: `${basename(folder)}/${file.name}` }));
      }
      return entry.isFile() && isSupportedFile(path) ? [sourceFile(path, basename(folder))] : [];
    });
}

/** One file, named by the folder that it is in and its own name. */
export function sourceFile(path: string, folderName = basename(dirname(path))): SourceFile {
  return { path, name: `${folderName}/${basename(path)}`, url: pathToFileURL(path).href };
}
