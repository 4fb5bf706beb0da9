/** Two signals closer than this are one: a terminal sends Ctrl-C to npm, its script and the server alike. */
const SAME_SIGNAL_MS = 500;

/**
 * The first signal stops cleanly; a second one, later than the first one's echo, ends the process at once. What is
 * returned is aborted by the first.
 */
export function stopOnSignal(close: () => Promise<void>): AbortSignal {
  const stopping = new AbortController();
  let stoppingSince: number | undefined;
  const onSignal = () => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    stopping.abort();
    process.stderr.write('alcove: stopping (again to stop at once)\n');
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`alcove: could not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stopping.signal;
}
