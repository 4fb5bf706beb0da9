import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import { NextSetReader } from '../library/NextSetReader.ts';
import { StoredLibraryReader } from '../library/StoredLibraryReader.ts';
import { Database } from '../store/Database.ts';
import { buildIndex } from './buildIndex.ts';
import type { BuilderMessage, BuildTask } from './buildTask.ts';
import { lowerPriority } from './lowerPriority.ts';
import type { Step } from './ProgressMeter.ts';

/** The entry of a builder thread: builds one index beside the living, tells how far it is, hands it over, ends. */

/** Steps within a phase are told at least this far apart. */
const TELL_INTERVAL_MS = 50;

/** How long it works before it listens to its crew. */
const SLICE_MS = 20;

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

async function build(task: BuildTask): Promise<void> {
  const database = Database.open(task.databasePath, 'READ_ONLY');
  try {
    const reader = task.vectors === 'NEXT' ? new NextSetReader(database) : new StoredLibraryReader(database);
    const steps = buildIndex(task, reader);
    let sliceStart = performance.now();
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) {
      tellStep(next.value);
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      sliceStart = performance.now();
    }
    tell({ kind: 'BUILT', built: next.value });
  } catch (error) {
    if (!(error instanceof AlcoveError)) throw error;
    tell({ kind: 'FAILED', error: error.toRecord() });
  } finally {
    database.close();
  }
}

lowerPriority();
await build(workerData as BuildTask);
