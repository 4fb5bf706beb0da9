import { createClient, orThrow } from '../client/index.ts';

/** Characters of a chunk's text that are shown. */
const EXCERPT_LENGTH = 300;

export interface SearchOutput {
  readonly hits: number;
  readonly exact?: boolean;
  readonly json?: boolean;
}

/** Prints the chunks nearest to a text, nearest first, and what the planner did. */
export async function search(
  url: string,
  library: string,
  text: string,
  options: SearchOutput,
): Promise<void> {
  const answer = orThrow(
    await createClient({ url }).knnSearch({
      library: { name: library },
      query: { text },
      k: options.hits,
      ...(options.exact ? { accuracy: { exact: true } } : {}),
    }),
  );
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  for (const { similarity, node } of answer.edges) {
    process.stdout.write(
      `${similarity.toFixed(3)}  ${node.document.title}  (${node.id})\n${excerpt(node.text)}\n\n`,
    );
  }
  const { plan } = answer;
  process.stdout.write(
    `${answer.edges.length} ${answer.edges.length === 1 ? 'hit' : 'hits'} in ${answer.tookMs.toFixed(1)} ms; ${plan.strategy}: ${plan.reason}\n`,
  );
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return `       ${line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line}`;
}
