import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROWS_EXTENSION } from '../../src/indexes/RowFile.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { HNSW, RunningWriter, randomRows, until } from './RunningWriter.ts';

const DIMENSION = 48;

let writer: RunningWriter;
beforeEach(async () => {
  writer = await RunningWriter.start();
});
afterEach(() => writer.stopAndRemove());

/** Changes a bit of every vector that lies on disk. */
function damageRows(): void {
  const folder = dataFolder.indexes(writer.dataPath);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith(ROWS_EXTENSION)) continue;
    const bytes = readFileSync(join(folder, name));
    for (let at = 0; at < bytes.length; at += 4 * DIMENSION + 16) bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(join(folder, name), bytes);
  }
}

// One that is made on the spot, and one that a stand-in answers for until it has been built.
it.each([500, 3_000])(
  'a search finds all that it should where %i vectors on disk are damaged',
  async (count) => {
    const rows = randomRows(count, DIMENSION, 7);
    const vector = rows.slice(DIMENSION, 2 * DIMENSION);
    const libraryId = await writer.createLibrary({ ...HNSW, vectors: 'ON_DISK' });
    await writer.createDocument(libraryId, rows, DIMENSION, 'doc');
    const find = async () =>
      (await writer.searcher().search({ library: { id: libraryId }, query: { vector }, k: 5 })).hits;
    const before = (await find()).map(({ chunk }) => chunk.id);
    expect(before[0]).toBe('chk_doc-1');
    damageRows();
    const answers = await Promise.all([find(), find()]);
    for (const hits of answers) expect(hits.map(({ chunk }) => chunk.id)).toEqual(before);
    expect(writer.troubles).toEqual([expect.stringContaining('are damaged')]);
    await until(async () => (await writer.client.indexStatus(libraryId)).state === 'READY');
    expect((await writer.client.indexStatus(libraryId)).segments[0]?.type).toBe('HNSW');
    expect((await find()).map(({ chunk }) => chunk.id)).toEqual(before);
  },
);
