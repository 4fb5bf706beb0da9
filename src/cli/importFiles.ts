import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AlcoveClient, orThrow } from '../client/index.ts';
import { chunkDocument } from '../ingest/chunkDocument.ts';
import { isSupportedFile } from '../ingest/contentTypes.ts';
import { checkFileSize, extractDocument } from '../ingest/extractDocument.ts';

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
 * Writes each file as one document, chunked as the library says, embedded by the server, and called as its text calls itself.
 * Its id comes from the file's name, so that importing again replaces it. A file that fails is reported, and the others go in.
 * @throws AlcoveRequestError when the server does not answer; Error when the library is not there.
 */
export async function importFiles(
  client: AlcoveClient,
  library: string,
  files: readonly SourceFile[],
  onProgress: (done: number, file: SourceFile) => void = () => {},
): Promise<ImportReport> {
  const found = await client.library({ name: library });
  if (found === null) throw new Error(`The library ${library} is not there any more.`);
  const { chunking } = found;
  const failures: { name: string; message: string }[] = [];
  const waiting = files.values();
  let done = 0;
  const worker = async () => {
    for (const file of waiting) {
      try {
        await importFile(client, { name: library, chunking }, file);
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

type Chunking = Parameters<typeof chunkDocument>[1];

async function importFile(
  client: AlcoveClient,
  library: { readonly name: string; readonly chunking: Chunking },
  file: SourceFile,
): Promise<void> {
  checkFileSize(statSync(file.path).size, { file: basename(file.path) });
  const document = await extractDocument({ bytes: readFileSync(file.path), fileName: file.path });
  const { title, chunks } = chunkDocument(document, library.chunking);
  orThrow(
    await client.upsertDocument({
      library: { name: library.name },
      id: documentId(library.name, file.name),
      title,
      author: document.author ?? null,
      sourceUrl: file.url,
      contentType: document.contentType,
      content: {
        chunks: chunks.map(({ text, page, headings }) => ({ text, page, headings: [...headings] })),
      },
    }),
  );
  for (const { message } of document.problems) process.stderr.write(`alcove: ${message}\n`);
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
