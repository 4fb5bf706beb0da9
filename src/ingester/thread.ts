import { parentPort, workerData } from 'node:worker_threads';
import { Embedders } from '../embedding/Embedders.ts';
import { lowerPriority } from '../jobs/lowerPriority.ts';
import { StoredLibraryReader } from '../library/StoredLibraryReader.ts';
import { Database } from '../store/Database.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { Spool } from '../store/Spool.ts';
import { ThreadTelemetry } from '../telemetry/ThreadTelemetry.ts';
import { WriterClient } from '../writer/WriterClient.ts';
import { Extractors } from './Extractors.ts';
import { FileImporter } from './FileImporter.ts';
import { Ingester } from './Ingester.ts';
import { PendingDocuments } from './PendingDocuments.ts';
import { Reembedder } from './Reembedder.ts';
import type { IngesterData, IngesterOrder, IngesterReport } from './threadMessages.ts';

/**
 * The entry of the ingester's thread: takes in files and documents that wait, and embeds libraries anew, at low priority, until
 * it is told to stop.
 */

/** Files that are read at the same time; each takes a processor. */
const EXTRACTOR_THREADS = 2;

async function serve({ config, writer: port, telemetry: seat }: IngesterData): Promise<void> {
  const onTrouble = (message: string): void =>
    parentPort?.postMessage({ kind: 'TROUBLE', message } satisfies IngesterReport);
  const telemetry = await ThreadTelemetry.start(seat, onTrouble);
  const writer = await WriterClient.connect(port);
  const database = Database.open(dataFolder.database(config.dataPath), 'READ_ONLY');
  const reader = new StoredLibraryReader(database);
  const spool = new Spool(dataFolder.uploads(config.dataPath));
  const extractors = new Extractors({ threads: EXTRACTOR_THREADS });
  const embedders = new Embedders({
    config: config.embedding,
    models: config.models,
    cachePath: dataFolder.embeddings(config.dataPath),
  });
  const { embedderFor } = embedders;
  const { importUrls } = config;
  const importer = new FileImporter({ database, reader, spool, extractors, embedderFor, importUrls });
  const ingester = new Ingester({ database, writer, spool, importer, onTrouble });
  const pending = new PendingDocuments({ database, reader, writer, embedderFor, onTrouble });
  const reembedder = new Reembedder({ database, reader, writer, embedderFor, onTrouble });
  writer.onJobEvent((event) => ingester.onJobEvent(event));
  writer.onJobEvent((event) => reembedder.onJobEvent(event));
  parentPort?.once('message', async (_order: IngesterOrder) => {
    await Promise.all([ingester.close(), reembedder.close(), pending.close()]);
    await extractors.close();
    await writer.close();
    embedders.close();
    database.close();
    await telemetry.close();
    process.exit(0);
  });
  await ingester.resume();
  await reembedder.resume();
}

lowerPriority();
await serve(workerData as IngesterData);
