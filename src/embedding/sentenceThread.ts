import { parentPort, workerData } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { SentenceModel } from './SentenceModel.ts';
import { readSentenceModelFiles } from './sentenceModelFiles.ts';
import type { SentenceAnswer, SentenceOrder, SentenceThreadData } from './sentenceThreadMessages.ts';
import { loadTransformers } from './transformers.ts';

/** A model thread's entry: opens one sentence-transformer and answers one order after the other. */
async function serveModel({ path, threads, transformersFolder }: SentenceThreadData): Promise<void> {
  const answer = (message: SentenceAnswer, transfer: ArrayBuffer[] = []) =>
    parentPort?.postMessage(message, transfer);
  const refuse = (id: number | null, error: unknown) => {
    const known =
      error instanceof AlcoveError
        ? error
        : new AlcoveError('EmbedderError', `The model failed: ${String(error)}`, { cause: error });
    answer({ kind: 'FAILED', id, error: known.toRecord() });
  };
  let model: SentenceModel;
  try {
    const transformers = await loadTransformers(transformersFolder);
    model = await SentenceModel.open(transformers, readSentenceModelFiles(path), threads);
  } catch (error) {
    return refuse(null, error);
  }

  const given = new Set<number>();
  let queue = Promise.resolve();
  const embed = async (id: number, texts: readonly string[]) => {
    try {
      const { vectors, truncated, tokens = [] } = await model.embed(texts, () => checkGiven(given, id));
      const buffer = new ArrayBuffer(vectors.byteLength);
      new Float32Array(buffer).set(vectors);
      answer({ kind: 'EMBEDDED', id, vectors: buffer, truncated, tokens }, [buffer]);
    } catch (error) {
      refuse(id, error);
    } finally {
      given.delete(id);
    }
  };
  parentPort?.on('message', (order: SentenceOrder) => {
    if (order.kind === 'GIVE_UP') return void given.delete(order.id);
    given.add(order.id);
    queue = queue.then(() => embed(order.id, order.texts));
  });
  answer({ kind: 'READY', dimension: model.dimension, maxTokens: model.maxTokens });
}

/** @throws AlcoveError CancelledError once the order has been given up. */
function checkGiven(given: ReadonlySet<number>, id: number): void {
  if (!given.has(id)) throw new AlcoveError('CancelledError', 'Embedding was cancelled by its caller.');
}

await serveModel(workerData as SentenceThreadData);
