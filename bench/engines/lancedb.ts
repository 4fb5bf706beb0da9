import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { Engine, EngineSettings } from './Engine.ts';
import { loadPeer } from './loadPeer.ts';

interface VectorQuery {
  distanceType(metric: string): VectorQuery;
  nprobes(count: number): VectorQuery;
  ef(effort: number): VectorQuery;
  refineFactor(factor: number): VectorQuery;
  bypassVectorIndex(): VectorQuery;
  limit(k: number): VectorQuery;
  select(columns: string[]): VectorQuery;
  toArrow(): Promise<{ getChild(name: string): { toArray(): Int32Array } }>;
}

interface Table {
  createIndex(column: string, options: { config: unknown; replace: boolean }): Promise<void>;
  vectorSearch(query: Float32Array): VectorQuery;
  close(): void;
}

interface Lancedb {
  connect(path: string): Promise<{
    createTable(name: string, data: unknown): Promise<Table>;
    openTable(name: string): Promise<Table>;
  }>;
  Index: { hnswSq(options: object): unknown };
}

interface Arrow {
  Table: new (columns: object) => unknown;
  Field: new (name: string, type: unknown, nullable: boolean) => unknown;
  Float32: new () => unknown;
  FixedSizeList: new (length: number, field: unknown) => unknown;
  makeData(data: object): unknown;
  makeVector(data: unknown): unknown;
  tableToIPC(table: unknown): Uint8Array;
}

const METRICS: Readonly<Record<Metric, string>> = { COSINE: 'cosine', DOT: 'dot', EUCLIDEAN: 'l2' };

/** Times as many candidates as results are compared by their float32 rows: without it, 8-bit codes alone decide the order. */
const REFINE_FACTOR = 2;

/**
 * LanceDB in this process, on a temporary folder: a graph over 8-bit codes in one partition (its fastest at these sizes), or
 * without an index the comparison of all rows.
 */
export function openLancedb(settings: EngineSettings, isExact = false): Engine {
  const { peer, version } = loadPeer<Lancedb>('@lancedb/lancedb');
  const { peer: arrow } = loadPeer<Arrow>('apache-arrow');
  const { dimension, metric, capacity, m, efConstruction } = settings;
  const distanceType = METRICS[metric];
  const temporary = mkdtempSync(join(tmpdir(), 'alcove-lancedb-'));
  let folder = temporary;
  const rows = new Float32Array(capacity * dimension);
  let table: Table | undefined;
  return {
    name: isExact ? 'lancedb flat' : 'lancedb',
    version: isExact ? `${version}, no index` : `${version}, IVF_HNSW_SQ, refine factor ${REFINE_FACTOR}`,
    prepareAdd: (first, vectors) => () => rows.set(vectors, first * dimension),
    async finish() {
      const database = await peer.connect(folder);
      table = await database.createTable('rows', arrowTable(arrow, rows, dimension));
      if (isExact) return;
      const config = peer.Index.hnswSq({ distanceType, numPartitions: 1, m, efConstruction });
      await table.createIndex('vector', { config, replace: true });
    },
    prepareSearch(queries, k, effort) {
      return async (query) => {
        const asked = (table as Table)
          .vectorSearch(queries[query] as Float32Array)
          .distanceType(distanceType)
          .limit(k)
          .select(['row', '_distance']);
        const ready = isExact
          ? asked.bypassVectorIndex()
          : asked
              .nprobes(1)
              .ef(Math.max(effort, REFINE_FACTOR * k))
              .refineFactor(REFINE_FACTOR);
        return (await ready.toArrow()).getChild('row').toArray();
      };
    },
    bytes: () => folderBytes(folder),
    save: (path) => cpSync(folder, path, { recursive: true }),
    async load(path) {
      folder = path;
      table = await (await peer.connect(folder)).openTable('rows');
    },
    close() {
      table?.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** The rows as a table with the columns row (their number) and vector. */
function arrowTable(arrow: Arrow, rows: Float32Array, dimension: number): unknown {
  const length = rows.length / dimension;
  const type = new arrow.Float32();
  const vector = arrow.makeData({
    type: new arrow.FixedSizeList(dimension, new arrow.Field('item', type, true)),
    length,
    nullCount: 0,
    child: arrow.makeData({ type, data: rows, length: rows.length }),
  });
  return new arrow.Table({
    row: arrow.makeVector(Int32Array.from({ length }, (_, i) => i)),
    vector: arrow.makeVector(vector),
  });
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
