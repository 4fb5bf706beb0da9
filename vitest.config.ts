import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Without vite's "development" condition, so that tests and what they depend on share one instance of graphql.
  ssr: { resolve: { conditions: ['node', 'module-sync'] } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // One more than the processors that there surely are: many tests wait for a process or a timer.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What src/ingest/pdfRejections.ts passes over in production; a thread that does so is tested in a thread of its own.
    onUnhandledError: ({ stack }) => !/[\\/]unpdf[\\/]dist[\\/]pdfjs/.test(stack ?? ''),
  },
});
