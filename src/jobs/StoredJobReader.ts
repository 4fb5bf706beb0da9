import { Cursors } from '../library/cursors.ts';
import type { Page, PageRequest } from '../library/LibraryReader.ts';
import { type ListOrder, readPage } from '../library/pages.ts';
import type { Database } from '../store/Database.ts';
import { readSecret } from '../store/meta.ts';
import {
  countImportFiles,
  findImportFileById,
  type ImportFileSelection,
  listImportFiles,
} from './importFileTable.ts';
import type { JobReader } from './JobReader.ts';
import { countJobs, findJob, type JobSelection, listJobs } from './jobTable.ts';
import type { ImportFile, Job } from './types.ts';

/** Reads jobs from a connection of its own, newest first. */
export class StoredJobReader implements JobReader {
  readonly #database: Database;
  readonly #cursors: Cursors;

  /** @param database a READ_ONLY connection; the reader does not close it. */
  constructor(database: Database) {
    this.#database = database;
    this.#cursors = new Cursors(readSecret(database));
  }

  job(id: string): Job | undefined {
    return findJob(this.#database, id);
  }

  jobs(page: PageRequest, options: JobSelection): Page<Job> {
    const order: ListOrder<Job> = {
      list: `jobs/${options.libraryId ?? ''}`,
      columns: ['created_at', 'id'],
      direction: 'DESC',
      place: (job) => [job.createdAt, job.id],
    };
    const read = (clause: Parameters<typeof listJobs>[2]): Job[] => listJobs(this.#database, options, clause);
    return readPage(this.#cursors, order, page, read, (job) => job);
  }

  importFile(id: string): ImportFile | undefined {
    return findImportFileById(this.#database, id);
  }

  importFiles(jobId: string, page: PageRequest, options: ImportFileSelection): Page<ImportFile> {
    const order: ListOrder<ImportFile> = {
      list: `importFiles/${jobId}`,
      columns: ['position'],
      direction: 'ASC',
      place: (file) => [file.position],
    };
    const read = (clause: Parameters<typeof listImportFiles>[3]): ImportFile[] =>
      listImportFiles(this.#database, jobId, options, clause);
    return readPage(this.#cursors, order, page, read, (file) => file);
  }

  importFileCount(jobId: string, options: ImportFileSelection): number {
    return countImportFiles(this.#database, jobId, options);
  }

  jobCount(options: JobSelection): number {
    return countJobs(this.#database, options);
  }
}
