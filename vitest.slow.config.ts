import { defineConfig } from 'vitest/config';
import quick from './vitest.config.ts';

/** The checks that take minutes, drills above all: `npm run test:slow`. They are called *.slow.ts, beside what they check. */
export default defineConfig({
  ...quick,
  test: {
    ...quick.test,
    include: ['test/**/*.slow.ts'],
    // Some of them take all the processors there are.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
