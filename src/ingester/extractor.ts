import { readFile, stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { chunkDocument } from '../ingest/chunkDocument.ts';
import { checkFileSize, extractDocument } from '../ingest/extractDocument.ts';
import { lowerPriority } from '../jobs/lowerPriority.ts';
import type { ReadAnswer, ReadDocument, ReadTask } from './ReadDocument.ts';

/** The entry of an extractor's thread: reads and splits one file after another, as it is told. */

async function read({ path, name, contentType, chunking }: ReadTask): Promise<ReadDocument> {
  const { size } = await stat(path);
  checkFileSize(size, { file: name });
  const source = {
    bytes: await readFile(path),
    fileName: name,
    ...(contentType === null ? {} : { contentType }),
  };
  const document = await extractDocument(source);
  const { title, chunks } = chunkDocument(document, chunking);
  return {
    title,
    author: document.author ?? null,
    contentType: document.contentType,
    chunks: chunks.map(({ text, page, headings }) => ({ text, page, headings })),
    problems: document.problems,
  };
}

const answer = (message: ReadAnswer): void => parentPort?.postMessage(message);

lowerPriority();
parentPort?.on('message', (task: ReadTask) => {
  read(task).then(
    (document) => answer({ kind: 'READ', document }),
    (error: unknown) => {
      // What is no refusal is a bug: it ends the thread, and is told by its end.
      if (!(error instanceof AlcoveError)) throw error;
      answer({ kind: 'REFUSED', error: error.toRecord() });
    },
  );
});
