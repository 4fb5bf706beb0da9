import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { appendFile, copyFile, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** Folders of requests that are still being received begin so; all others are named after their jobs. */
const INCOMING = 'incoming-';
/** Beside a file that is being read: one byte for each time that it was begun. */
const TRIES = '.tries';

/** Files that one request may bring. */
export const MAX_UPLOADED_FILES = 1_000;

/** What filesystems without hard links answer. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** A file that has been received whole and lies in the spool. What the sender calls it is data: no path is made of it. */
export class SpooledFile {
  readonly name: string;
  /** As the sender says; null if it did not. */
  readonly contentType: string | null;
  readonly bytes: number;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly hash: string;
  readonly #path: string;

  constructor(facts: Pick<SpooledFile, 'name' | 'contentType' | 'bytes' | 'hash'>, path: string) {
    this.name = facts.name;
    this.contentType = facts.contentType;
    this.bytes = facts.bytes;
    this.hash = facts.hash;
    this.#path = path;
  }

  /** Where it lies until it is discarded. */
  get path(): string {
    return this.#path;
  }

  /** Puts it in its place, of which it may have several: two imports of one request may name it. */
  async placeAt(path: string): Promise<void> {
    try {
      await link(this.#path, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && NO_LINKS.includes(String(error.code)))) throw error;
      await copyFile(this.#path, path);
      await sync(path);
    }
  }
}

/** The files of one request, in a folder of their own until it has been answered. */
export class IncomingFiles {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a file to its end and to the disk. A source that breaks off rejects; {@link discard} removes what there is. */
  async receive(
    source: Readable,
    sender: { readonly name: string; readonly contentType: string | null },
  ): Promise<SpooledFile> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, String(this.#count++));
    const hash = createHash('sha256');
    const file = await open(path, 'wx');
    let bytes = 0;
    try {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return new SpooledFile({ ...sender, bytes, hash: hash.digest('hex') }, path);
  }

  /** Removes them; a job that has claimed some keeps them. */
  async discard(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * The folder of files that wait to be imported: those of a job lie below its id, each under its position. They are on
 * the disk before the job is recorded, and go when they have been taken in, or their job has ended.
 */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** For the files of one request. */
  incoming(): IncomingFiles {
    return new IncomingFiles(join(this.#folder, INCOMING + randomUUID()));
  }

  /** Where a job's file lies. `jobId` is one of ours. */
  path(jobId: string, position: number): string {
    return join(this.#folder, jobId, String(position));
  }

  /** Makes received files those of a job, in their order; on the disk when it resolves. */
  async claim(jobId: string, files: readonly SpooledFile[]): Promise<void> {
    await this.prepare(jobId);
    for (const [position, file] of files.entries()) await file.placeAt(this.path(jobId, position));
    await sync(join(this.#folder, jobId));
    await sync(this.#folder);
  }

  /** Makes a job's folder, if it is not there. */
  async prepare(jobId: string): Promise<void> {
    await mkdir(join(this.#folder, jobId), { recursive: true });
  }

  /** Notes that a file is about to be read, and answers how often it has been by now; {@link passed} forgets it. */
  async try(jobId: string, position: number): Promise<number> {
    const path = this.#tries(jobId, position);
    await appendFile(path, '.');
    return (await stat(path)).size;
  }

  /** The file has been read to its end, or been refused. */
  async passed(jobId: string, position: number): Promise<void> {
    await rm(this.#tries(jobId, position), { force: true });
  }

  /** The positions of a job's files in the middle of which a process has ended. */
  async interrupted(jobId: string): Promise<number[]> {
    const names = await readdir(join(this.#folder, jobId)).catch(() => []);
    return names.filter((name) => name.endsWith(TRIES)).map((name) => Number(name.slice(0, -TRIES.length)));
  }

  #tries(jobId: string, position: number): string {
    return this.path(jobId, position) + TRIES;
  }

  /** Removes one file of a job; nothing happens where there is none. */
  async removeFile(jobId: string, position: number): Promise<void> {
    await rm(this.path(jobId, position), { force: true });
  }

  /** Removes a job's files. */
  async remove(jobId: string): Promise<void> {
    await rm(join(this.#folder, jobId), { recursive: true, force: true });
  }

  /** Removes all that belongs to no job of which `isActive` holds. Only while nothing is being received. */
  sweep(isActive: (jobId: string) => boolean): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) {
      if (!isActive(name)) rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
  }
}

/** Makes a file durable, or the names in a folder. */
async function sync(path: string): Promise<void> {
  const opened = await open(path, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
