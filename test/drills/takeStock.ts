import { type AlcoveClient, decodeVector, orThrow } from '../../src/client/index.ts';
import { DRILL_LIBRARY, vectorOf } from './DrillCommand.ts';
import type { Ledger } from './Ledger.ts';

/** Vectors that are searched for in each stock-taking. */
const SEARCHES = 20;
const PAGE = 100;

/** What a server holds that it should not, and does not hold that it should; all zero. */
export interface Stock {
  /** Acknowledged and gone. */
  readonly lost: number;
  /** There, and never asked for, or deleted before. */
  readonly phantom: number;
  /** There more than once. */
  readonly doubled: number;
  /** Commands of which a part is there. */
  readonly torn: number;
  /** Vectors that are not those of their texts. */
  readonly wrongVectors: number;
  /** Chunks that a search for their own vector does not find first. */
  readonly notFound: number;
}

export const NOTHING_WRONG: Stock = {
  lost: 0,
  phantom: 0,
  doubled: 0,
  torn: 0,
  wrongVectors: 0,
  notFound: 0,
};

interface ExportedRow {
  readonly id?: string;
  readonly document: string | { readonly id: string; readonly title: string };
  readonly text?: string;
  readonly embedding?: string;
}

/** Everything that a server holds of a drill, a line each as {@link linesOf} writes them, with what is wrong with its vectors. */
export async function readAll(
  client: AlcoveClient,
): Promise<{ readonly lines: string[]; readonly texts: string[]; readonly wrongVectors: number }> {
  const stream = await client.exportRows(DRILL_LIBRARY, { format: 'ndjson' });
  const rows = (await new Response(stream).text()).split('\n').filter((line) => line !== '');
  const lines = new Set<string>();
  const chunks: string[] = [];
  const texts: string[] = [];
  let wrongVectors = 0;
  for (const row of rows) {
    const { id = '', document, text, embedding = '' } = JSON.parse(row) as ExportedRow;
    const documentId = typeof document === 'string' ? document : document.id;
    if (typeof document !== 'string') lines.add(`document ${documentId} ${document.title}`);
    if (text === undefined) continue;
    const isOwn = id.startsWith(`chk_${documentId.slice(4)}.`);
    chunks.push(`chunk ${documentId} ${isOwn ? id : text} ${text}`);
    texts.push(text);
    const vector = decodeVector(embedding);
    if (!vectorOf(text).every((component, at) => component === vector[at])) wrongVectors += 1;
  }
  return { lines: [...lines, ...chunks, ...(await extraLibraries(client))], texts, wrongVectors };
}

async function extraLibraries(client: AlcoveClient): Promise<string[]> {
  const lines: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await client.libraries({ first: PAGE, after });
    for (const { node } of page.edges) if (node.name.startsWith('extra-')) lines.push(`library ${node.name}`);
    if (!page.pageInfo.hasNextPage) return lines;
    after = page.pageInfo.endCursor ?? null;
  }
}

/** Compares what a server holds with the ledger. */
export async function takeStock(client: AlcoveClient, ledger: Ledger): Promise<Stock> {
  const { lines, texts, wrongVectors } = await readAll(client);
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  let lost = 0;
  let torn = 0;
  const explained = new Set<string>();
  for (const lane of ledger.lanes) {
    const [before = [], after = before] = ledger.expected(lane);
    for (const line of [...before, ...after]) explained.add(line);
    const certain = before.filter((line) => after.includes(line));
    lost += certain.filter((line) => !counts.has(line)).length;
    const open = new Set([...before, ...after].filter((line) => !certain.includes(line)));
    const found = [...open].filter((line) => counts.has(line)).sort();
    const fits = [before, after].some(
      (state) =>
        found.join('\n') ===
        state
          .filter((line) => open.has(line))
          .sort()
          .join('\n'),
    );
    if (!fits) torn += 1;
  }
  return {
    lost,
    phantom: [...counts.keys()].filter((line) => !explained.has(line)).length,
    doubled: [...counts.values()].filter((count) => count > 1).length,
    torn,
    wrongVectors,
    notFound: await notFound(client, texts),
  };
}

async function notFound(client: AlcoveClient, texts: readonly string[]): Promise<number> {
  const step = Math.max(1, Math.floor(texts.length / SEARCHES));
  const asked = texts.filter((_, at) => at % step === 0);
  const answers = await Promise.all(
    asked.map((text) =>
      client.knnSearch({ library: { name: DRILL_LIBRARY }, query: { vector: [...vectorOf(text)] }, k: 1 }),
    ),
  );
  return answers.filter((answer, at) => orThrow(answer).edges[0]?.node.text !== asked[at]).length;
}
