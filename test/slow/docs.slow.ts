import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pages } from '../docs/Page.ts';
import { PageRunner } from '../docs/PageRunner.ts';

/** Every command, operation and program of the documentation, typed in as it stands. Needs dist/ (npm run build). */
const RUN = ['graphql', 'sh', 'ts', 'js'];
const told = pages()
  .map(({ path, blocks }) => ({
    path,
    blocks: blocks.filter(
      ({ language, notRun, isAnswer }) => isAnswer || (RUN.includes(language) && notRun === undefined),
    ),
  }))
  .filter(({ blocks }) => blocks.length > 0);

describe.each(told)('$path', ({ blocks }) => {
  let runner: PageRunner;
  beforeAll(async () => {
    runner = await PageRunner.start();
  });
  afterAll(() => runner?.close());

  it.each(blocks)('does what it shows from line $line on ($language)', async (block) => {
    await expect(runner.run(block)).resolves.toBeUndefined();
  });
});
