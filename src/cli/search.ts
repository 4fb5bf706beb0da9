import { orThrow } from '../client/index.ts';
import { clientOf, type ServerOptions } from './serverOptions.ts';

/** Characters of a chunk's text that are shown where no word of it matched. */
const EXCERPT_LENGTH = 300;
const INDENT = '       ';

export interface SearchOutput {
  readonly hits: number;
  readonly mode: 'hybrid' | 'keyword' | 'semantic';
  readonly rerank?: boolean;
  readonly exact?: boolean;
  readonly json?: boolean;
}

const MODES = { hybrid: 'HYBRID', keyword: 'KEYWORD', semantic: 'SEMANTIC' } as const;

/** Prints the chunks that a text finds, best first, with what matched, and what was done. */
export async function search(
  server: ServerOptions,
  library: string,
  text: string,
  options: SearchOutput,
): Promise<void> {
  const answer = orThrow(
    await clientOf(server).search({
      library: { name: library },
      query: { text },
      mode: MODES[options.mode],
      k: options.hits,
      depth: Math.max(DEFAULT_DEPTH, options.hits),
      ...(options.exact ? { accuracy: { exact: true } } : {}),
      ...(options.rerank ? { rerank: { provider: 'LEXICAL' } } : {}),
    }),
  );
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  for (const { score, reranked, semantic, keyword, highlights, node } of answer.edges) {
    const why = [
      ...(semantic ? [`meaning ${semantic.rank}.`] : []),
      ...(keyword ? [`words ${keyword.rank}.`] : []),
    ];
    const lines = highlights.length > 0 ? highlights.map(marked) : [excerpt(node.text)];
    process.stdout.write(
      `${(reranked?.score ?? score).toFixed(3)}  ${node.document.title}  (${node.id}; ${why.join(', ')})\n` +
        `${lines.map((line) => `${INDENT}${line}\n`).join('')}\n`,
    );
  }
  const count = answer.edges.length;
  process.stdout.write(
    `${count} ${count === 1 ? 'hit' : 'hits'} in ${answer.tookMs.toFixed(1)} ms. ${answer.plan.reason}\n`,
  );
}

/** How many of the best of each way the server looks at by itself. */
const DEFAULT_DEPTH = 100;

interface Highlight {
  readonly text: string;
  readonly matches: readonly { readonly start: number; readonly end: number }[];
}

/** A piece of text on one line; on a terminal, with its matches in bold. */
function marked({ text, matches }: Highlight): string {
  const [on, off] = process.stdout.isTTY ? ['\u001b[1m', '\u001b[22m'] : ['', ''];
  let line = '';
  let from = 0;
  for (const { start, end } of matches) {
    line += `${plain(text.slice(from, start))}${on}${plain(text.slice(start, end))}${off}`;
    from = end;
  }
  return `… ${line}${plain(text.slice(from))} …`;
}

function excerpt(text: string): string {
  const line = plain(text).trim();
  return line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line;
}

/** Without line breaks, and without characters that a terminal would obey. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '');
}
