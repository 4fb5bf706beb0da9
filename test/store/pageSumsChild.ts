import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Database } from '../../src/store/Database.ts';
import { readRevision, writeRevision } from '../../src/store/meta.ts';

/** Writes revisions up to one, and ends without closing the database: `pageSumsChild.ts PATH REVISION exit|terminate|kill|throw`. */

const CHECKPOINT_EVERY = 100;
const [, , path = '', upTo = '', end = ''] = process.argv;

function write(): void {
  const database = Database.open(path, 'READ_WRITE');
  for (let revision = readRevision(database) + 1; revision <= Number(upTo); revision++) {
    writeRevision(database, revision);
    if (revision % CHECKPOINT_EVERY === 0) database.checkpointIfDue(1);
    if (revision % CHECKPOINT_EVERY === 1) database.checkpointIfDue();
  }
  process.once('exit', () => database.inTransaction);
}

if (end === 'terminate' && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  worker.once('message', () => {
    process.stdout.write('written');
    void worker.terminate();
  });
} else {
  write();
  if (isMainThread) process.stdout.write('written');
  else {
    parentPort?.postMessage('written');
    // Until it is terminated.
    parentPort?.on('message', () => undefined);
  }
  if (end === 'kill') process.kill(process.pid, 'SIGKILL');
  if (end === 'exit') process.exit(3);
  if (end === 'throw') throw new Error('It ended so.');
}
