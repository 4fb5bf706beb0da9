import { type ASTNode, parse, print, visit } from 'graphql';
import { bytesOf, type Case } from './Case.ts';

/** Cases that are tried, at most, to make one smaller. */
const MAX_TRIES = 400;
/** For what takes long to happen. */
const MAX_MS = 60_000;

/** The smallest case that is found by which the same still happens. `happens` sends a case, and says whether it does. */
export async function shrink(found: Case, happens: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let smallest = found;
  let tries = 0;
  const until = performance.now() + MAX_MS;
  for (let isSmaller = true; isSmaller && tries < MAX_TRIES; ) {
    isSmaller = false;
    for (const candidate of smallerOnes(smallest)) {
      if (sizeOf(candidate) >= sizeOf(smallest)) continue;
      tries += 1;
      if (tries > MAX_TRIES || performance.now() > until) return smallest;
      if (!(await happens(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

function sizeOf(sent: Case): number {
  return JSON.stringify(sent).length;
}

function* smallerOnes(sent: Case): Generator<Case> {
  if (sent.way === 'RAW') {
    for (const bytes of withoutParts([...sent.bytes])) yield { ...sent, bytes: bytes.join('') };
  } else if (sent.way === 'SOCKET') {
    for (const messages of withoutParts(sent.messages)) yield { ...sent, messages };
    for (const [at, message] of sent.messages.entries())
      for (const smaller of smallerTexts(message))
        yield { ...sent, messages: sent.messages.with(at, smaller) };
  } else {
    for (const body of smallerTexts(Buffer.from(sent.body, 'latin1').toString('utf8')))
      yield { ...sent, body: bytesOf(body) };
    for (const body of withoutParts([...sent.body])) yield { ...sent, body: body.join('') };
    for (const path of withoutParts([...sent.path])) yield { ...sent, path: path.join('') };
  }
}

/** A body of JSON with less in it; its `query` as a document with less in it. */
function* smallerTexts(text: string): Generator<string> {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return;
  }
  for (const smaller of smallerTrees(tree)) yield JSON.stringify(smaller);
}

function* smallerTrees(tree: unknown): Generator<unknown> {
  if (Array.isArray(tree)) {
    yield* withoutParts(tree);
    for (const [at, value] of tree.entries())
      for (const smaller of smallerTrees(value)) yield tree.with(at, smaller);
  } else if (typeof tree === 'object' && tree !== null) {
    const entries = Object.entries(tree);
    for (const at of entries.keys()) yield Object.fromEntries(entries.toSpliced(at, 1));
    for (const [at, [name, value]] of entries.entries()) {
      const inside =
        name === 'query' && typeof value === 'string' ? smallerDocuments(value) : smallerTrees(value);
      for (const smaller of inside) yield Object.fromEntries(entries.with(at, [name, smaller]));
    }
  } else if (typeof tree === 'string') {
    for (const characters of withoutParts([...tree])) yield characters.join('');
  }
}

/** A document without one of its selections, arguments, directives or definitions. */
function* smallerDocuments(query: string): Generator<string> {
  let document: ASTNode;
  try {
    document = parse(query);
  } catch {
    for (const characters of withoutParts([...query])) yield characters.join('');
    return;
  }
  const removable = ['Field', 'InlineFragment', 'FragmentSpread', 'Argument', 'Directive', 'ObjectField'];
  removable.push('VariableDefinition', 'FragmentDefinition');
  for (let nth = 0; ; nth += 1) {
    let seen = 0;
    let isRemoved = false;
    const without = visit(document, {
      enter(node) {
        if (isRemoved) return undefined;
        if (!removable.includes(node.kind)) return undefined;
        seen += 1;
        if (seen <= nth) return undefined;
        isRemoved = true;
        return null;
      },
    });
    if (!isRemoved) return;
    yield print(without);
  }
}

/** A list without a half of it, a quarter of it, and so on down to one item. */
function* withoutParts<T>(list: readonly T[]): Generator<T[]> {
  for (
    let length = Math.ceil(list.length / 2);
    length >= 1;
    length = length === 1 ? 0 : Math.ceil(length / 2)
  ) {
    for (let at = 0; at < list.length; at += length) yield list.toSpliced(at, length);
  }
}
