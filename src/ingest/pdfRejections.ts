let isGuarded = false;

/**
 * Over a damaged file PDF.js leaves promises of its own rejected that it hands to nobody, for which Node would end the
 * thread. From the first PDF on, those are passed over in this thread: what the file's reader awaits says what is wrong
 * with it. Every other rejection goes the way that it would have gone.
 */
export function outliveRejections(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.on('unhandledRejection', (reason) => {
    if (isFromPdfJs(reason) || process.listenerCount('unhandledRejection') > 1) return;
    throw reason;
  });
}

/** Whether PDF.js threw it, as its stack shows. */
export function isFromPdfJs(reason: unknown): boolean {
  return reason instanceof Error && /[\\/]unpdf[\\/]dist[\\/]pdfjs/.test(reason.stack ?? '');
}
