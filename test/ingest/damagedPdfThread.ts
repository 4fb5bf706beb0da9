import { parentPort, workerData } from 'node:worker_threads';
import { AlcoveError } from '../../src/errors.ts';
import { extractDocument } from '../../src/ingest/extractDocument.ts';

/** Reads a PDF with bits turned over, again and again, and tells how often it was read and how often refused. */
const { bytes, seeds } = workerData as { bytes: Uint8Array; seeds: number };
const counts = { read: 0, refused: 0 };
for (let seed = 1; seed <= seeds; seed++) {
  const damaged = Uint8Array.from(bytes);
  let state = seed;
  for (let flip = 0; flip < 8; flip++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const at = state % damaged.length;
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (state >>> 29));
  }
  try {
    await extractDocument({ bytes: damaged, fileName: 'a.pdf' });
    counts.read += 1;
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    counts.refused += 1;
  }
}
// What PDF.js left behind comes in later turns.
setTimeout(() => parentPort?.postMessage(counts), 50);
