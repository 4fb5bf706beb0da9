import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { SAMPLE_LIBRARY } from '../../src/cli/sample.ts';
import { createClient } from '../../src/client/index.ts';
import { type ServerProcess, serve } from './alcove.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const JOB_ID = /job_\w+/;

/** The fenced blocks of a language in a page, each with the heading-free text of its block. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block]) => block as string,
  );
}

interface Answer {
  readonly data?: Record<string, { code?: string }>;
  readonly errors?: readonly { message: string }[];
}

/** Posts an operation as it stands. */
async function post(url: string, query: string): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Answer;
}

/** What a subscription sends, until it ends or `enough` events have come. */
async function subscribe(
  url: string,
  query: string,
  variables: object,
  enough = Number.POSITIVE_INFINITY,
): Promise<Answer[]> {
  const client = createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  });
  const events: Answer[] = [];
  for await (const event of client.iterate({ query, variables: { ...variables } })) {
    events.push(event as Answer);
    if (events.length >= enough) break;
  }
  await client.dispose();
  return events;
}

describe('a newcomer who types npm start', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await serve(['--sample'], { ALCOVE_THREADS: '2' });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(server.dataPath, { recursive: true });
  });

  it('is told where everything is', () => {
    for (const word of ['GraphQL', 'WebSocket', 'GraphiQL', server.dataPath])
      expect(server.output.out).toContain(word);
  });

  it('finds the documentation in the sample library', async () => {
    const library = await createClient({ url: server.url }).library({ name: SAMPLE_LIBRARY });
    expect(library?.counts.documents).toBeGreaterThan(8);
    expect(library?.index.state).toBe('READY');
  });

  it('can paste the three queries that were printed', async () => {
    const printed = server.output.out.split('Three to try')[1] as string;
    const operations = printed.match(/^ {2}(query|mutation|subscription)[\s\S]*?\n(?=\n)/gm) ?? [];
    expect(operations).toHaveLength(3);
    for (const operation of operations) {
      const isSubscription = operation.trim().startsWith('subscription');
      const [answer] = isSubscription
        ? await subscribe(server.url, operation, {}, 1)
        : [await post(server.url, operation)];
      expect(answer?.errors).toBeUndefined();
      expect(Object.values(answer?.data ?? {}).map(({ code }) => code)).toEqual([undefined]);
    }
  });

  it.each([
    'README.md',
    'docs/searching.md',
    'docs/indexes.md',
    'docs/operations.md',
    'docs/subscriptions.md',
  ])('can paste every operation of %s, in order', async (page) => {
    let jobId = (await startJob(server.url)) as string;
    for (const operation of blocks(page, 'graphql')) {
      if (operation.startsWith('subscription')) {
        const isJob = operation.includes('$id');
        const events = await subscribe(
          server.url,
          operation,
          isJob ? { id: jobId } : {},
          isJob ? undefined : 1,
        );
        expect(events.flatMap(({ errors }) => errors ?? [])).toEqual([]);
        expect(JSON.stringify(events.at(-1))).toMatch(isJob ? /SUCCEEDED/ : /LibrarySnapshot|"SNAPSHOT"/);
        continue;
      }
      const answer = await post(server.url, operation);
      expect({ operation, errors: answer.errors }).toEqual({ operation, errors: undefined });
      expect(Object.values(answer.data ?? {}).filter((field) => field?.code !== undefined)).toEqual([]);
      jobId = JOB_ID.exec(JSON.stringify(answer))?.[0] ?? jobId;
    }
  });

  it('can paste the curl command of the README', async () => {
    const [command] = blocks('README.md', 'sh').filter((block) => block.startsWith('curl'));
    const body = /-d '([^']*)'/.exec(command as string)?.[1] as string;
    const answer = await post(server.url, (JSON.parse(body) as { query: string }).query);
    expect(JSON.stringify(answer)).toContain(SAMPLE_LIBRARY);
  });
});

async function startJob(url: string): Promise<string | undefined> {
  const answer = await post(
    url,
    `mutation { reindex(input: { library: { name: "${SAMPLE_LIBRARY}" } }) { ... on JobResult { job { id } } } }`,
  );
  return JOB_ID.exec(JSON.stringify(answer))?.[0];
}

describe('a server that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s ends with status 0', async (signal) => {
    const server = await serve();
    expect(await server.stop(signal)).toBe(0);
    rmSync(server.dataPath, { recursive: true });
  });

  it('while it loads its sample goes on loading it when it is started again', async () => {
    const first = await serve();
    const library = { name: SAMPLE_LIBRARY };
    const description = "Alcove's own documentation, being loaded.";
    await createClient({ url: first.url }).createLibrary({ ...library, description });
    await first.stop('SIGKILL');
    const second = await serve(['--sample'], { ALCOVE_DATA: first.dataPath });
    const found = await createClient({ url: second.url }).library(library);
    await second.stop();
    rmSync(first.dataPath, { recursive: true });
    expect(found?.counts.documents).toBeGreaterThan(8);
    expect(found?.description).not.toBe(description);
  });

  it('keeps its data in a folder of any name', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'alcove-cli-'));
    const dataPath = join(parent, 'Regal für Bücher 書庫');
    const server = await serve([], { ALCOVE_DATA: dataPath });
    expect(server.output.out).toContain(dataPath);
    await createClient({ url: server.url }).createLibrary({ name: 'kept' });
    expect(await server.stop()).toBe(0);
    expect(existsSync(join(dataPath, 'alcove.db'))).toBe(true);
    rmSync(parent, { recursive: true });
  });

  it('and started again has what it had, without loading the sample anew', async () => {
    const first = await serve(['--sample']);
    const revision = (await createClient({ url: first.url }).library({ name: SAMPLE_LIBRARY }))?.revision;
    await first.stop();
    const second = await serve(['--sample'], { ALCOVE_DATA: first.dataPath });
    expect((await createClient({ url: second.url }).library({ name: SAMPLE_LIBRARY }))?.revision).toBe(
      revision,
    );
    await second.stop();
    rmSync(first.dataPath, { recursive: true });
  });
});
