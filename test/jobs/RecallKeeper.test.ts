import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IndexRecord } from '../../src/library/types.ts';
import { clustered } from '../indexes/data.ts';
import { AUTO, HNSW, RunningWriter, until } from '../writer/RunningWriter.ts';

const DIMENSION = 8;

let writer: RunningWriter;
beforeEach(async () => {
  writer = await RunningWriter.start();
});
afterEach(() => writer.stopAndRemove());

const add = (libraryId: string, count: number, seed: number) =>
  writer.createDocument(libraryId, clustered({ count, dimension: DIMENSION, seed }), DIMENSION);
const indexOf = (libraryId: string): IndexRecord | undefined =>
  writer.reader.library({ id: libraryId })?.index;

it('a graph that was filled without a build has its recall measured, and again when much has come', async () => {
  const libraryId = await writer.createLibrary(HNSW);
  await add(libraryId, 2_500, 1);
  await until(() => (indexOf(libraryId)?.recallCurve.length ?? 0) > 0);
  const first = indexOf(libraryId);
  expect(first?.measuredOrdinal).toBe(2_500);
  expect(first?.recallCurve.at(-1)?.recall).toBeGreaterThan(0.95);

  await add(libraryId, 500, 2);
  const { level } = await writer.client.indexStatus(libraryId);
  expect(level).toBe(3_000);
  await add(libraryId, 500, 3);
  await until(() => indexOf(libraryId)?.measuredOrdinal === 3_500);
  expect(indexOf(libraryId)?.measuredAt).toBeGreaterThanOrEqual(first?.measuredAt ?? 0);
  expect(writer.troubles).toEqual([]);
});

it('an exact index is not measured', async () => {
  const libraryId = await writer.createLibrary(AUTO);
  await add(libraryId, 3_000, 1);
  await add(libraryId, 10, 2);
  expect(indexOf(libraryId)).toMatchObject({ type: 'FLAT', recallCurve: [], measuredAt: null });
});
