import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getOperationAST, parse, validate } from 'graphql';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { schema } from '../../src/graphql/schema.ts';
import { EXAMPLE_OPERATIONS } from '../../src/server/exampleOperations.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-examples-'));
  server = await startServer(
    parseConfig({ ALCOVE_PORT: '0', ALCOVE_DATA: folder, ALCOVE_THREADS: '1', ALCOVE_LOG: 'error' }),
  );
  await run('mutation Sample { createLibrary(input: { name: "alcove-docs" }) { __typename } }');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The first answer, as GraphiQL asks for it: everything over WebSocket. */
async function run(query: string, variables?: Record<string, unknown>): Promise<unknown> {
  const socket = createSocketClient({ url: `${server.url.replace('http', 'ws')}/graphql` });
  const answers = socket.iterate({ query, ...(variables ? { variables } : {}) });
  const { value } = await answers.next();
  await answers.return?.();
  await socket.dispose();
  return value;
}

const nameOf = (query: string) => getOperationAST(parse(query))?.name?.value ?? 'anonymous';
const rows = EXAMPLE_OPERATIONS.map((operation) => ({ ...operation, name: nameOf(operation.query) }));
describe('an example operation of GraphiQL', () => {
  it.each(rows)('$name fits the schema', ({ query }) => {
    expect(validate(schema, parse(query))).toEqual([]);
  });

  it.each(rows)('$name runs as it stands', async ({ query, variables }) => {
    const answer = JSON.stringify(await run(query, variables));
    expect(answer).toContain('"data"');
    expect(answer).not.toMatch(/"errors"|"code"/);
  });
});
