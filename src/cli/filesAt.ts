import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { contentTypeOf } from '../ingest/contentTypes.ts';
import { CommandError } from './CommandError.ts';
import { filesBelow, type SourceFile, sourceFile } from './sourceFiles.ts';

/** Each file once, however often it is named. Two of one name would be one document, the second in the first's place. */
export function filesAtAll(paths: readonly string[]): SourceFile[] {
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
