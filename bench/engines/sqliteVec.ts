import { DatabaseSync } from 'node:sqlite';
import type { Engine, EngineSettings } from './Engine.ts';
import { loadPeer, PeerAbsentError } from './loadPeer.ts';

interface SqliteVec {
  getLoadablePath(): string;
}

/** sqlite-vec compares with every row, in a database in memory. It knows no inner product. */
export function openSqliteVec({ dimension, metric }: EngineSettings): Engine {
  const { peer, version } = loadPeer<SqliteVec>('sqlite-vec');
  if (metric === 'DOT') throw new PeerAbsentError('sqlite-vec has no inner product');
  const database = new DatabaseSync(':memory:', { allowExtension: true });
  database.loadExtension(peer.getLoadablePath());
  const distance = metric === 'COSINE' ? 'cosine' : 'l2';
  database.exec(
    `CREATE VIRTUAL TABLE rows USING vec0(vector float[${dimension}] distance_metric=${distance})`,
  );
  const insert = database.prepare('INSERT INTO rows (rowid, vector) VALUES (?, ?)');
  const nearest = database.prepare('SELECT rowid FROM rows WHERE vector MATCH ? AND k = ?');
  const bytesOf = (vector: Float32Array) =>
    new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return {
    name: 'sqlite-vec',
    version,
    prepareAdd: (first, vectors) => () => {
      database.exec('BEGIN');
      for (let row = 0; row * dimension < vectors.length; row++)
        insert.run(BigInt(first + row), bytesOf(vectors.subarray(row * dimension, (row + 1) * dimension)));
      database.exec('COMMIT');
    },
    prepareSearch: (queries, k) => (query) =>
      nearest.all(bytesOf(queries[query] as Float32Array), k).map((found) => Number(found.rowid)),
    bytes() {
      const of = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
      return of('page_count') * of('page_size');
    },
    close: () => database.close(),
  };
}
