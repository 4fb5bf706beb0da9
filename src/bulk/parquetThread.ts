import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { AsyncBuffer } from 'hyparquet';
import { AlcoveError } from '../errors.ts';
import type { ParquetAnswer, ParquetThreadData } from './parquetMessages.ts';
import { readParquetRows } from './parquetRows.ts';

/** The entry of a thread that reads one table, some rows for every message it gets. */

const { path, after } = workerData as ParquetThreadData;
const handle = await open(path, 'r');
const { size } = await handle.stat();

const file: AsyncBuffer = {
  byteLength: size,
  slice: async (start, end = size) => {
    const from = Math.min(Math.max(0, start), size);
    const length = Math.min(Math.max(from, end), size) - from;
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, from);
    return bytes.buffer;
  },
};

const rows = readParquetRows(file, after);
const next = async (): Promise<ParquetAnswer> => {
  try {
    const { done, value } = await rows.next();
    return done ? { kind: 'END' } : { kind: 'ROWS', rows: value };
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    return { kind: 'REFUSED', error: error.toRecord() };
  }
};
parentPort?.on('message', () => {
  // What is no refusal is a bug: it ends the thread, and is told by its end.
  next().then((answer) => parentPort?.postMessage(answer));
});
