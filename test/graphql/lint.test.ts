import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

describe('schema.graphql', () => {
  it("passes graphql-eslint's strict rules", async () => {
    const results = await new ESLint({ cwd: ROOT }).lintFiles(['schema.graphql']);
    const complaints = results.flatMap(({ messages }) =>
      messages.map(({ line, message, ruleId }) => `${line}: ${message} (${ruleId})`),
    );
    expect(results).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});
