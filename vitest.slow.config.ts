import { defineConfig } from 'vitest/config';

/** The checks that take minutes: `npm run test:slow`, one file at a time. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.slow.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
