import { rmSync } from 'node:fs';
import { BuiltinEmbedder } from '../../src/embedding/BuiltinEmbedder.ts';
import { newId } from '../../src/library/ids.ts';
import { RunningWriter } from '../../test/writer/RunningWriter.ts';
import { median } from '../measure/statistics.ts';

const DIMENSION = 384;

/**
 * Milliseconds for each 1,000 chunks of what comes after reading and splitting: the built-in embedder, and the store with
 * its index, documents of 50 chunks at a time as imports write them, on a real writer thread.
 */
export async function embedAndStore(
  texts: readonly string[],
  rounds: number,
): Promise<Record<string, number>> {
  const embedder = new BuiltinEmbedder(DIMENSION);
  const writer = await RunningWriter.start();
  const libraryId = await writer.createLibrary(undefined, { dimension: DIMENSION, metric: 'COSINE' });
  const embedding: number[] = [];
  const storing: number[] = [];
  const perThousand = 1_000 / texts.length;
  try {
    for (let round = 0; round <= rounds; round++) {
      const began = performance.now();
      const { vectors } = await embedder.embed(texts, { mode: 'DOCUMENT' });
      const embedded = performance.now();
      await storeAll(writer, libraryId, texts, vectors);
      if (round === 0) continue;
      embedding.push((embedded - began) * perThousand);
      storing.push((performance.now() - embedded) * perThousand);
    }
  } finally {
    await writer.stop();
    rmSync(writer.dataPath, { recursive: true, force: true });
  }
  return { 'embed (BUILTIN)': median(embedding), 'store and index': median(storing) };
}

const CHUNKS_IN_A_DOCUMENT = 50;
/** Documents that are on their way at once. */
const AT_ONCE = 4;

async function storeAll(
  { client }: RunningWriter,
  libraryId: string,
  texts: readonly string[],
  vectors: Float32Array,
): Promise<void> {
  const starts = Array.from(
    { length: Math.ceil(texts.length / CHUNKS_IN_A_DOCUMENT) },
    (_, at) => at * CHUNKS_IN_A_DOCUMENT,
  ).values();
  const lane = async () => {
    for (const start of starts) {
      const part = texts.slice(start, start + CHUNKS_IN_A_DOCUMENT);
      await client.submit({
        command: {
          type: 'createDocument',
          library: { id: libraryId },
          id: newId('document'),
          at: Date.now(),
          ifExists: 'ERROR',
          title: 'A document',
          author: null,
          sourceUrl: null,
          contentType: 'text/plain',
          metadata: {},
          chunks: part.map((text, row) => ({ id: newId('chunk'), text, metadata: {}, row })),
          vectors: {
            values: vectors.slice(start * DIMENSION, (start + part.length) * DIMENSION),
            offsets: Uint32Array.from({ length: part.length + 1 }, (_, row) => row * DIMENSION),
          },
        },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
