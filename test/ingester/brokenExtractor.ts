import { parentPort } from 'node:worker_threads';
import type { ReadTask } from '../../src/ingester/ReadDocument.ts';

/** An extractor's thread that does what the name of the file says. */
parentPort?.on('message', ({ name, path }: ReadTask) => {
  if (name === 'endless') for (;;);
  if (name === 'greedy') {
    const taken: number[][] = [];
    for (;;) taken.push(Array.from({ length: 100_000 }, (_, at) => at));
  }
  if (name === 'deadly') process.exit(3);
  if (name === 'faulty') throw new Error('a fault of its own');
  if (name === 'haunted') setImmediate(() => Promise.reject(new Error('a fault after the answer')));
  parentPort?.postMessage({
    kind: 'READ',
    document: { title: path, author: null, contentType: 'text/plain', chunks: [], problems: [] },
  });
});
