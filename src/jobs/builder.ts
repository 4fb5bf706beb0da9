import { platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { StoredLibraryReader } from '../library/StoredLibraryReader.ts';
import { Database } from '../store/Database.ts';
import { buildIndex } from './buildIndex.ts';
import type { BuilderMessage, BuildTask } from './buildTask.ts';
import type { Step } from './ProgressMeter.ts';

/** The entry of a builder thread: builds one index beside the living, tells how far it is, hands it over, ends. */

/** Steps within a phase are told at least this far apart. */
const TELL_INTERVAL_MS = 50;

/**
 * Beside a busy thread a builder gets a quarter of a processor. At 10 it would be a tenth, and a server with one
 * processor and much to do would hardly ever get the index that would give it less to do.
 */
const NICENESS = 5;

let toldAt = 0;
let toldPhase: Step['phase'] | undefined;

const tell = (message: BuilderMessage): void => parentPort?.postMessage(message);

/** The first and the last step of a phase are always told. */
function tellStep(step: Step): void {
  const now = performance.now();
  const isMiddle = step.phase === toldPhase && step.done < step.total;
  if (isMiddle && now - toldAt < TELL_INTERVAL_MS) return;
  toldAt = now;
  toldPhase = step.phase;
  tell({ kind: 'STEP', step });
}

function build(task: BuildTask): void {
  const database = Database.open(task.databasePath, 'READ_ONLY');
  try {
    const steps = buildIndex(task, new StoredLibraryReader(database));
    let next = steps.next();
    for (; !next.done; next = steps.next()) tellStep(next.value);
    tell({ kind: 'BUILT', built: next.value });
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    tell({ kind: 'FAILED', error: error.toRecord() });
  } finally {
    database.close();
  }
}

// Linux gives every thread a priority of its own; elsewhere this would slow the whole process down.
if (platform() === 'linux') setPriority(NICENESS);
build(workerData as BuildTask);
