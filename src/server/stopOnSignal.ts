import type { RunningServer } from './supervisor.ts';

/** One Ctrl-C can arrive twice, from the terminal and from npm; only a later one is impatience. */
const SAME_SIGNAL_MS = 500;
const INTERRUPTED_STATUS = 130;

/** Resolves when SIGINT or SIGTERM came and the server has stopped. A second signal ends the process at once. */
export function stopOnSignal(server: RunningServer): Promise<void> {
  return new Promise((resolve, reject) => {
    let signalledAt: number | undefined;
    const onSignal = () => {
      if (signalledAt === undefined) {
        signalledAt = Date.now();
        server.close().then(resolve, reject);
      } else if (Date.now() - signalledAt > SAME_SIGNAL_MS) {
        process.exit(INTERRUPTED_STATUS);
      }
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
