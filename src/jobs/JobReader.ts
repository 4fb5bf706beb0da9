import type { Page, PageRequest } from '../library/LibraryReader.ts';
import type { Job, JobState } from './types.ts';

/** Reads of jobs as of the last commit; newest first. Progress between commits comes with job events. */
export interface JobReader {
  job(id: string): Job | undefined;
  jobs(
    page: PageRequest,
    options: { readonly libraryId?: string; readonly states?: readonly JobState[] },
  ): Page<Job>;
  /** How many those are on all pages together. */
  jobCount(options: { readonly libraryId?: string; readonly states?: readonly JobState[] }): number;
}
