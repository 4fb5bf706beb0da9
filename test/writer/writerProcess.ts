import { parseArgs } from 'node:util';
import { AUTO, HNSW, RunningWriter, randomRows } from './RunningWriter.ts';

/**
 * A process of its own, to be killed: `write` creates documents as fast as it can and prints what it is about to send
 * and what was acknowledged; `build` starts a long index job and prints its progress.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [task = '', dataPath = '', round = '', segmentSlots = '1000000', vectors = 'IN_MEMORY'] = positionals;
// Vectors on disk have codes in memory, which shorter ones have not.
const DIMENSION = vectors === 'ON_DISK' ? 40 : 8;
const writer = await RunningWriter.start(dataPath, 1, { segmentSlots: Number(segmentSlots) });
const say = (...words: (string | number)[]): void => void process.stdout.write(`${words.join(' ')}\n`);

if (task === 'write') {
  const [library] = writer.reader.libraries({ first: 1 }, {}).edges;
  const libraryId =
    library?.node.id ??
    (await writer.createLibrary({ ...AUTO, vectors: vectors === 'ON_DISK' ? vectors : 'IN_MEMORY' }));
  say('library', libraryId);
  await Promise.all(
    [0, 1, 2].map(async (lane) => {
      for (let count = 0; ; count++) {
        const prefix = `${round}-${lane}-${count}`;
        say('sent', prefix);
        await writer.createDocument(
          libraryId,
          randomRows(5, DIMENSION, lane * 10_000 + count),
          DIMENSION,
          prefix,
        );
        say('written', prefix);
        if (count % 3 !== 0) continue;
        say('deleting', prefix);
        await writer.deleteChunks(libraryId, [`chk_${prefix}-2`]);
        say('deleted', prefix);
      }
    }),
  );
} else {
  const libraryId = await writer.createLibrary({ ...AUTO, type: 'FLAT' });
  await writer.createDocument(libraryId, randomRows(10_000, 16, 1), 16);
  const jobId = await writer.reindex(libraryId, { settings: { ...HNSW, m: 32, efConstruction: 400 } });
  say('job', libraryId, jobId);
  for await (const { cursor, event } of writer.client.jobEvents(jobId)) say(event.job.progress.phase, cursor);
}
