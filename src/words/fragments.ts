import type { Match } from './matches.ts';

/** A piece of a text, as it stands there from `start` to `end`, and what of it matched: places within the piece. */
export interface Fragment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly matches: readonly Match[];
}

/** So far from the place wanted, a space is looked for to cut at. */
const MAX_SHIFT = 24;

/**
 * The pieces of a text with the most matches: up to `count` of about `length` code units each, in the order of the text.
 * They are text and not markup: whoever shows them marks the matches, and escapes what needs to be.
 */
export function fragmentsOf(
  text: string,
  matches: readonly Match[],
  options: { readonly count: number; readonly length: number },
): Fragment[] {
  const windows: { start: number; end: number; matches: Match[] }[] = [];
  for (const match of matches) {
    const last = windows.at(-1);
    if (last !== undefined && match.end - (last.matches[0]?.start ?? 0) <= options.length) {
      last.matches.push(match);
    } else windows.push({ start: match.start, end: match.end, matches: [match] });
  }
  const best = windows
    .toSorted((a, b) => b.matches.length - a.matches.length || a.start - b.start)
    .slice(0, options.count)
    .sort((a, b) => a.start - b.start);
  let from = 0;
  return best.map((window, at) => {
    const first = window.matches[0]?.start ?? 0;
    const last = window.matches.at(-1)?.end ?? 0;
    const spare = Math.max(0, options.length - (last - first));
    const until = best[at + 1]?.matches[0]?.start ?? text.length;
    const start = Math.max(from, cutBefore(text, first - Math.floor(spare / 2), first));
    const end = Math.min(until, cutAfter(text, start + Math.max(options.length, last - start), last));
    from = end;
    const inside = window.matches.map((match) => ({ start: match.start - start, end: match.end - start }));
    return { text: text.slice(start, end), start, end, matches: inside };
  });
}

/** A place near `wanted`, but not after `limit`, that begins a word. */
function cutBefore(text: string, wanted: number, limit: number): number {
  if (wanted <= 0) return 0;
  for (let at = wanted; at < Math.min(limit, wanted + MAX_SHIFT); at++) {
    if (/\s/.test(text[at - 1] ?? '')) return at;
  }
  return whole(text, Math.min(wanted, limit));
}

/** A place near `wanted`, but not before `limit`, that ends a word. */
function cutAfter(text: string, wanted: number, limit: number): number {
  if (wanted >= text.length) return text.length;
  for (let at = wanted; at > Math.max(limit, wanted - MAX_SHIFT); at--) {
    if (/\s/.test(text[at] ?? '')) return at;
  }
  return whole(text, Math.max(wanted, limit));
}

/** Not between the halves of a surrogate pair. */
function whole(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
