import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** A fenced block of a page, or one that readers do not see and which prepares those that they see. */
export interface Block {
  /** Where it begins in the page, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Why it is not run here; what looks at it instead. */
  readonly notRun: string | undefined;
  /** Of an operation; `"$job"` stands for the last job that an operation before has told of. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** It answers with an error, which is what the page shows. */
  readonly showsError: boolean;
  /** It goes on until somebody stops it. */
  readonly isEndless: boolean;
  /** It is what the operation before has answered; `"…"` in it stands for anything. */
  readonly isAnswer: boolean;
}

/** A page of the documentation with the blocks in it. */
export interface Page {
  /** Below the repository. */
  readonly path: string;
  readonly blocks: readonly Block[];
}

/** The pages that users read: the README, CONTRIBUTING and everything below docs/. */
export function pages(): Page[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', ...below.sort()].map((path) => ({
    path: relative(ROOT, join(ROOT, path)),
    blocks: blocksOf(readFileSync(join(ROOT, path), 'utf8')),
  }));
}

/**
 * The blocks of a page in their order. Comments right before a fence say how it is run: `<!-- not run: why -->`,
 * `<!-- variables: {"id": "$job"} -->`, `<!-- shows an error -->`, `<!-- endless -->`, `<!-- answer -->`. A comment `<!-- run sh` (or graphql, ts) has a block of its own in the
 * lines up to `-->`.
 */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let said: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const opened = /^(?:(?<fence>`{3,}|~{3,})(?<language>\w*).*|<!-- run (?<hidden>\w+))$/.exec(
      line.trim(),
    )?.groups;
    if (opened) {
      const closing = opened.hidden === undefined ? (opened.fence as string) : '-->';
      const end = lines.findIndex((other, index) => index > at && other.trim() === closing);
      if (end < 0) throw new Error(`line ${at + 1}: the block is not closed by ${closing}`);
      blocks.push(blockOf(at + 1, opened.hidden ?? opened.language ?? '', lines.slice(at + 1, end), said));
      at = end;
      said = [];
      continue;
    }
    const comment = /^<!-- (.*) -->$/.exec(line.trim())?.[1];
    if (comment !== undefined) said.push(comment);
    else if (line.trim() !== '') said = [];
  }
  return blocks;
}

function blockOf(line: number, language: string, lines: readonly string[], said: readonly string[]): Block {
  const after = (prefix: string) => said.find((comment) => comment.startsWith(prefix))?.slice(prefix.length);
  return {
    line,
    language,
    text: lines.join('\n'),
    notRun: after('not run: '),
    variables: JSON.parse(after('variables: ') ?? '{}'),
    showsError: said.includes('shows an error'),
    isEndless: said.includes('endless'),
    isAnswer: said.includes('answer'),
  };
}
