import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileImporter } from '../../src/ingester/FileImporter.ts';
import { ImportRun } from '../../src/ingester/ImportRun.ts';
import { Database } from '../../src/store/Database.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { Spool } from '../../src/store/Spool.ts';
import { chunk, createDocument, rows } from '../library/TestStore.ts';
import { RunningWriter } from '../writer/RunningWriter.ts';

/** More than this many processes have ended in the middle of a file that is given up. */
const TRIES = 5;

describe('an import in the middle of which processes have ended', () => {
  let writer: RunningWriter;
  let database: Database;
  let spool: Spool;
  beforeEach(async () => {
    writer = await RunningWriter.start();
    database = Database.open(dataFolder.database(writer.dataPath), 'READ_ONLY');
    spool = new Spool(dataFolder.uploads(writer.dataPath));
  });
  afterEach(async () => {
    database.close();
    await writer.stopAndRemove();
  });

  it('counts the chunks that are written in parts, and those of which the model read the beginning alone', async () => {
    const libraryId = await writer.createLibrary();
    await writer.client.submit({
      command: {
        type: 'requestImport',
        library: { id: libraryId },
        jobId: 'job_b',
        at: 1,
        files: [{ name: 'large.csv', url: null, contentType: null, contentHash: 'hash', bytes: 9 }],
        options: { metadata: {}, whenEmbedderFails: 'FAIL', sourceBase: null },
      },
    });
    const written = (id: string) => ({
      chunks: [{ ...chunk(id, 0), truncated: true }, chunk(`${id}x`, 1)],
      vectors: rows([1, 2], [3, 4]),
    });
    const made = { jobId: 'job_b', libraryId, position: 0, at: 2, ratePerSecond: null, etaSeconds: null };
    const outcome = { error: null, problems: [], bytes: 9 };
    const first = { sourceHash: 'hash', isPart: true, ...written('chk_a') };
    await writer.client.submit({
      command: {
        ...made,
        type: 'recordImportFile',
        outcome: { ...outcome, state: 'WAITING', chunks: 2 },
        document: createDocument(libraryId, 'doc_a', first),
      },
    });
    expect(writer.jobs.job('job_b')).toMatchObject({
      counts: { written: 0, chunks: 2, truncated: 1, bytes: 0 },
      progress: { done: 0 },
    });
    await writer.client.submit({
      command: {
        ...made,
        type: 'recordImportFile',
        outcome: { ...outcome, state: 'WRITTEN', chunks: 4 },
        document: {
          type: 'continueDocument',
          library: { id: libraryId },
          id: 'doc_a',
          at: 3,
          sourceHash: 'hash',
          after: 2,
          isPart: false,
          ...written('chk_b'),
        },
      },
    });
    expect(writer.jobs.job('job_b')).toMatchObject({
      counts: { written: 1, chunks: 4, truncated: 2, bytes: 9 },
      progress: { done: 1 },
    });
  });

  it('tries the files that were under way first and alone, and gives up the one that was so each time', async () => {
    const libraryId = await writer.createLibrary();
    const names = Array.from({ length: 8 }, (_, at) => `file-${at}.txt`);
    await writer.client.submit({
      command: {
        type: 'requestImport',
        library: { id: libraryId },
        jobId: 'job_a',
        at: 1,
        files: names.map((name) => ({ name, url: null, contentType: null, contentHash: 'hash', bytes: 1 })),
        options: { metadata: {}, whenEmbedderFails: 'FAIL', sourceBase: null },
      },
    });
    await spool.prepare('job_a');
    for (let tries = 0; tries < TRIES; tries++) await spool.try('job_a', 6);
    await spool.try('job_a', 4);
    expect((await spool.interrupted('job_a')).sort()).toEqual([4, 6]);

    const asked: string[] = [];
    let underWay = 0;
    const peaks: number[] = [];
    const importer: Pick<FileImporter, 'import'> = {
      import: async ({ name }) => {
        asked.push(name);
        peaks.push(++underWay);
        await new Promise((resolve) => setTimeout(resolve, 5));
        underWay -= 1;
        return { outcome: { state: 'UNCHANGED', error: null, problems: [], chunks: 0, bytes: 1 } };
      },
    };
    const job = writer.jobs.job('job_a');
    if (job?.kind !== 'IMPORT') throw new Error('no import');
    const troubles: string[] = [];
    await new ImportRun(job, {
      database,
      writer: writer.client,
      spool,
      importer,
      onTrouble: (message) => troubles.push(message),
    }).run();

    expect([asked[0], peaks[0], asked.length]).toEqual(['file-4.txt', 1, 7]);
    expect(asked).not.toContain('file-6.txt');
    expect(writer.jobs.job('job_a')).toMatchObject({
      state: 'SUCCEEDED',
      counts: { files: 8, unchanged: 7, failed: 1 },
      progress: { phase: 'DONE', done: 8, total: 8 },
    });
    const files = writer.jobs.importFiles('job_a', { first: 10 }, { states: ['FAILED'] });
    expect(files.edges.map(({ node }) => [node.name, node.error?.kind])).toEqual([
      ['file-6.txt', 'CapacityExceededError'],
    ]);
    expect(await spool.interrupted('job_a')).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
