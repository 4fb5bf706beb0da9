import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSupportedFile } from '../ingest/contentTypes.ts';

export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  /** Its path from the folder that was named; what its document's id is made of, which so survives the folder's moving. */
  readonly name: string;
  /** What its name stands behind in its document's source URL; null if nobody is to know where it lies. */
  readonly base: string | null;
}

/** The supported files of a folder and the folders in it, by name. Hidden ones, links and node_modules are left out. */
export function filesBelow(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return filesBelow(path).map((file) => within(folder, file));
      }
      return entry.isFile() && isSupportedFile(path) ? [sourceFile(path, basename(folder))] : [];
    });
}

/** One file, named by the folder that it is in and its own name. */
export function sourceFile(path: string, folderName = basename(dirname(path))): SourceFile {
  return { path, name: `${folderName}/${basename(path)}`, base: new URL('../', pathToFileURL(path)).href };
}

/** A file of a folder in it, as it is named from the outer one. */
function within(folder: string, file: SourceFile): SourceFile {
  const base = new URL('./', pathToFileURL(folder)).href;
  return { ...file, name: `${basename(folder)}/${file.name}`, base };
}
