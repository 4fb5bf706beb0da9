import type { Choice } from './Choice.ts';
import type { Operation } from './OperationWriter.ts';
import { STRANGE_NUMBERS, STRANGE_TEXTS, STRANGE_VALUES } from './strange.ts';

const TOKEN = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|[A-Za-z_]\w*|-?\d[\w.+-]*|\.\.\.|\s+|[^\s]/g;
/** Tokens that are put where they do not belong. */
const TOKENS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '=',
  '!',
  '$',
  '@',
  '|',
  '&',
  '...',
  '$v0',
  '@skip(if: true)',
  '@include(if: $v0)',
  '@defer',
  '@stream(initialCount: 0)',
  '@oneOf',
  '@deprecated',
  'query',
  'mutation',
  'subscription',
  'fragment',
  'on',
  'true',
  'null',
  '0',
  '-1',
  '2147483648',
  '1e400',
  '-',
  '""',
  '"""',
  '"',
  '"\\u{110000}"',
  '"\\ud800"',
  '__typename',
  '__schema { types { name } }',
  '__type(name: "Query") { name }',
  'Node',
  'Error',
  '\u0000',
  '\ufeff',
  '#',
  ',',
];

/** Changes a text by a few characters: turned over, taken out, put in, doubled. */
export function mutateBytes(text: string, choice: Choice): string {
  let changed = text;
  for (let times = 1 + choice.below(4); times > 0; times -= 1) {
    const at = choice.below(changed.length + 1);
    const length = 1 + choice.below(choice.chance(0.2) ? 60 : 3);
    const before = changed.slice(0, at);
    const after = changed.slice(at);
    changed = choice.weighted([
      [
        3,
        () => before + String.fromCharCode(choice.below(choice.chance(0.8) ? 128 : 65_536)) + after.slice(1),
      ],
      [3, () => before + after.slice(length)],
      [2, () => before + choice.from(STRANGE_TEXTS).slice(0, 40) + after],
      [1, () => before + after.slice(0, length) + after],
      [0.3, () => before],
      [0.1, () => before + (after.slice(0, length) || 'x').repeat(200) + after],
    ])();
  }
  return changed;
}

/** Changes a document by a few tokens. */
export function mutateTokens(text: string, choice: Choice): string {
  const tokens = text.match(TOKEN) ?? [''];
  for (let times = 1 + choice.below(3); times > 0; times -= 1) {
    const at = choice.below(tokens.length);
    const other = choice.below(tokens.length);
    choice.weighted([
      [3, () => void tokens.splice(at, 1)],
      [3, () => void tokens.splice(at, 0, ' ', choice.from(TOKENS), ' ')],
      [3, () => void tokens.splice(at, 1, choice.from(tokens))],
      [2, () => void tokens.splice(at, 0, ...tokens.slice(other, other + 1 + choice.below(20)))],
      [1, () => void tokens.splice(at, 1 + choice.below(10))],
      [0.1, () => void tokens.splice(at, 1, `${tokens[at]} `.repeat(300))],
    ])();
  }
  return tokens.join('');
}

/** Changes a JSON tree in one place. */
export function mutateTree(tree: unknown, choice: Choice): unknown {
  if (typeof tree !== 'object' || tree === null || choice.chance(0.15)) return strangeFor(tree, choice);
  if (Array.isArray(tree)) {
    if (tree.length === 0) return [choice.from(STRANGE_VALUES)];
    const at = choice.below(tree.length);
    return choice.weighted<() => unknown[]>([
      [5, () => tree.with(at, mutateTree(tree[at], choice))],
      [1, () => tree.toSpliced(at, 1)],
      [1, () => [...tree, ...tree]],
    ])();
  }
  const entries = Object.entries(tree);
  if (entries.length === 0) return { [choice.from(STRANGE_TEXTS)]: choice.from(STRANGE_VALUES) };
  const at = choice.below(entries.length);
  const [name, value] = entries[at] as [string, unknown];
  return choice.weighted<() => unknown>([
    [8, () => Object.fromEntries(entries.with(at, [name, mutateTree(value, choice)]))],
    [1, () => Object.fromEntries(entries.toSpliced(at, 1))],
    [1, () => ({ ...tree, [choice.from(STRANGE_TEXTS)]: choice.from(STRANGE_VALUES) })],
  ])();
}

function strangeFor(value: unknown, choice: Choice): unknown {
  if (choice.chance(0.2)) return choice.from(STRANGE_VALUES);
  if (typeof value === 'number') return choice.from(STRANGE_NUMBERS);
  if (typeof value === 'string')
    return choice.chance(0.5) ? choice.from(STRANGE_TEXTS) : mutateBytes(value, choice);
  return choice.from(STRANGE_VALUES);
}

/** Changes an operation: its text, its variables, or what stands beside them. */
export function mutateOperation(operation: Operation, choice: Choice): Operation {
  return choice.weighted<() => Operation>([
    [4, () => ({ ...operation, query: mutateTokens(operation.query, choice) })],
    [2, () => ({ ...operation, query: mutateBytes(operation.query, choice) })],
    [6, () => ({ ...operation, variables: mutateTree(operation.variables ?? {}, choice) })],
    [0.3, () => ({ ...operation, operationName: choice.from([...STRANGE_VALUES, ...STRANGE_TEXTS]) })],
    [0.3, () => ({ ...operation, extensions: choice.from(STRANGE_VALUES) })],
  ])();
}
