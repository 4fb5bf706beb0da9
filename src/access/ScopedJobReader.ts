import type { JobReader } from '../jobs/JobReader.ts';
import type { ImportFile, Job } from '../jobs/types.ts';
import type { Page, PageRequest } from '../library/LibraryReader.ts';

/** No job, and no library, has this id. */
const NOWHERE = '';

/** A reader for which there are the jobs of some libraries alone, as {@link ScopedLibraryReader} has it. */
export class ScopedJobReader implements JobReader {
  readonly #jobs: JobReader;
  readonly #libraries: ReadonlySet<string>;

  constructor(jobs: JobReader, libraries: ReadonlySet<string>) {
    this.#jobs = jobs;
    this.#libraries = libraries;
  }

  job(id: string): Job | undefined {
    const found = this.#jobs.job(id);
    return found && this.#libraries.has(found.libraryId) ? found : undefined;
  }

  jobs(page: PageRequest, options: Parameters<JobReader['jobs']>[1]): Page<Job> {
    return this.#jobs.jobs(page, this.#selection(options));
  }

  jobCount(options: Parameters<JobReader['jobCount']>[0]): number {
    return this.#jobs.jobCount(this.#selection(options));
  }

  importFile(id: string): ImportFile | undefined {
    const found = this.#jobs.importFile(id);
    return found && this.job(found.jobId) ? found : undefined;
  }

  importFiles(
    jobId: string,
    page: PageRequest,
    options: Parameters<JobReader['importFiles']>[2],
  ): Page<ImportFile> {
    return this.#jobs.importFiles(this.#job(jobId), page, options);
  }

  importFileCount(jobId: string, options: Parameters<JobReader['importFileCount']>[1]): number {
    return this.#jobs.importFileCount(this.#job(jobId), options);
  }

  #job(id: string): string {
    return this.job(id) ? id : NOWHERE;
  }

  #selection(options: Parameters<JobReader['jobCount']>[0]): Parameters<JobReader['jobCount']>[0] {
    const { libraryId } = options;
    if (libraryId === undefined) return { ...options, libraryIds: this.#libraries };
    return { ...options, libraryId: this.#libraries.has(libraryId) ? libraryId : NOWHERE };
  }
}
