import { parentPort, workerData } from 'node:worker_threads';
import { LocalEmbedder, type ModelOptions } from '../../src/embedding/LocalEmbedder.ts';

/** A thread that embeds once with a local model, and ends without closing it. */
const embedder = await LocalEmbedder.open('tiny', null, workerData as ModelOptions);
const { dimension } = await embedder.embed(['rain'], { mode: 'QUERY' });
parentPort?.postMessage(dimension);
parentPort?.close();
