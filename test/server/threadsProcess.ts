import { syncBuiltinESMExports } from 'node:module';
import workers, { type WorkerOptions } from 'node:worker_threads';

/**
 * A whole server in a process of its own, whose parent can end its server threads: `terminate` ends the one that has served
 * longest, `sterile` makes the next one die before it serves. Says `{ url }`, and `{ serving }`, how many there are, when asked.
 */
const serving: workers.Worker[] = [];
let isNextSterile = false;

workers.Worker = class extends workers.Worker {
  constructor(entry: string | URL, options: WorkerOptions = {}) {
    super(entry, options);
    if (options.name !== 'server') return;
    // Its first message says that it listens.
    this.once('message', () => serving.push(this));
    this.once('exit', () => {
      if (serving.includes(this)) serving.splice(serving.indexOf(this), 1);
    });
    if (isNextSterile) this.terminate();
    isNextSterile = false;
  }
};
syncBuiltinESMExports();

// Not before the class above is the one that everybody gets.
const { parseConfig } = await import('../../src/config.ts');
const { startServer } = await import('../../src/server/supervisor.ts');

const server = await startServer(parseConfig(process.env));
process.on('message', (order) => {
  if (order === 'terminate') serving[0]?.terminate();
  if (order === 'sterile') isNextSterile = true;
  if (order === 'count') process.send?.({ serving: serving.length });
  if (order === 'stop') server.close().then(() => process.disconnect?.());
});
process.on('disconnect', () => process.exit());
process.send?.({ url: server.url, metricsPort: server.metricsPort });
