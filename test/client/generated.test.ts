import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import config from '../../codegen.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the generated client', () => {
  it('is what schema.graphql and the operations generate; else run: npm run generate', async () => {
    const files: { filename: string; content: string }[] = await generate(
      { ...config, cwd: ROOT, silent: true },
      false,
    );
    for (const { filename, content } of files) {
      expect(readFileSync(resolve(ROOT, filename), 'utf8').trim()).toBe(content.trim());
    }
    expect(files.map(({ filename }) => filename)).toEqual(['src/client/generated/operations.ts']);
  });
});
