import type { Page, PageRequest } from '../library/LibraryReader.ts';
import type { JobSelection } from './jobTable.ts';
import type { ImportFile, ImportFileState, Job } from './types.ts';

/** Reads of jobs as of the last commit; newest first. Progress between commits comes with job events. */
export interface JobReader {
  job(id: string): Job | undefined;
  jobs(page: PageRequest, options: Omit<JobSelection, 'kind'>): Page<Job>;
  importFile(id: string): ImportFile | undefined;
  /** The files of an import, by position. */
  importFiles(
    jobId: string,
    page: PageRequest,
    options: { readonly states?: readonly ImportFileState[] },
  ): Page<ImportFile>;
  importFileCount(jobId: string, options: { readonly states?: readonly ImportFileState[] }): number;
  /** How many those are on all pages together. */
  jobCount(options: Omit<JobSelection, 'kind'>): number;
}
