import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rowsPath } from '../indexes/RowFile.ts';
import { SEGMENT_EXTENSION, segmentPath } from '../indexes/segmentPath.ts';

/** Ids that name their folder as they are: nothing that any file system could read as anything but a plain name. */
const PLAIN_ID = /^lib_[a-z0-9_-]{1,64}$/;

/** The generation, and the number of the segment unless it is the first. */
const FILE_NAME = /^(0|[1-9]\d*)(?:-([1-9]\d*))?\.alcove(\.rows)?$/;

/**
 * The segment files of all libraries: `<folder>/<library id>/<generation>.alcove`, and `<generation>-<segment>.alcove`
 * for those after the first; beside each, where vectors are kept on disk, a file of these. An id that a caller has chosen
 * can hold dots, or differ from another in case alone; then its SHA-256 stands for it.
 */
export class IndexFiles {
  readonly #folder: string;

  /** `folder` is created if absent. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Where the first segment of a library's index is kept; its folder exists when this returns. */
  path(libraryId: string, generation: number): string {
    const folder = this.#libraryFolder(libraryId);
    mkdirSync(folder, { recursive: true });
    return join(folder, fileName(generation));
  }

  /**
   * The files of a library's index, by segment: as many as the last one that is there demands, so that one of those
   * before it may be missing; none if there is none.
   */
  segments(libraryId: string, generation: number): string[] {
    const folder = this.#libraryFolder(libraryId);
    const numbers = namesIn(folder)
      .map(parseName)
      .filter((file) => file?.generation === generation && file.isImage)
      .map((file) => file?.segment ?? 0);
    const first = join(folder, fileName(generation));
    return Array.from({ length: Math.max(-1, ...numbers) + 1 }, (_, segment) => segmentPath(first, segment));
  }

  /** Removes the files of a library's index from a segment on. */
  removeSegments(libraryId: string, generation: number, from: number): void {
    const paths = this.segments(libraryId, generation);
    for (const path of paths.slice(from)) {
      rmSync(path, { force: true });
      rmSync(rowsPath(path), { force: true });
    }
  }

  /** Removes all that is kept of a library. */
  remove(libraryId: string): void {
    removeFolder(this.#libraryFolder(libraryId));
  }

  /** Removes all that is kept of a library but one generation: older ones, and what a build left behind. */
  keepOnly(libraryId: string, generation: number): void {
    removeAllBut(this.#libraryFolder(libraryId), generation);
  }

  /** Removes what belongs to none of these libraries, and all generations of theirs but the one named. */
  sweep(libraries: Iterable<{ readonly id: string; readonly generation: number }>): void {
    const kept = new Map<string, number>();
    for (const { id, generation } of libraries) kept.set(folderName(id), generation);
    for (const folder of namesIn(this.#folder)) {
      const generation = kept.get(folder);
      if (generation === undefined) removeFolder(join(this.#folder, folder));
      else removeAllBut(join(this.#folder, folder), generation);
    }
  }

  #libraryFolder(libraryId: string): string {
    return join(this.#folder, folderName(libraryId));
  }
}

function folderName(libraryId: string): string {
  if (PLAIN_ID.test(libraryId)) return libraryId;
  return `sha256-${createHash('sha256').update(libraryId).digest('hex')}`;
}

const fileName = (generation: number): string => `${generation}${SEGMENT_EXTENSION}`;

function parseName(name: string): { generation: number; segment: number; isImage: boolean } | undefined {
  const [, generation, segment = 0, rows] = FILE_NAME.exec(name) ?? [];
  if (generation === undefined) return undefined;
  return { generation: Number(generation), segment: Number(segment), isImage: rows === undefined };
}

function namesIn(folder: string): string[] {
  const isFolder = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? readdirSync(folder) : [];
}

/**
 * Moves the folder out of the way first, so that a builder which has been told to stop, and writes on meanwhile, finds no
 * folder to write to. What a crash leaves of it is a stray, swept at the next start.
 */
function removeFolder(path: string): void {
  const removed = `${path}.removed-${randomUUID()}`;
  try {
    renameSync(path, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  rmSync(removed, { recursive: true, force: true, maxRetries: 10, retryDelay: 1 });
}

function removeAllBut(folder: string, generation: number): void {
  for (const name of namesIn(folder))
    if (parseName(name)?.generation !== generation)
      rmSync(join(folder, name), { recursive: true, force: true });
}
