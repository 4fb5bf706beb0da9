/** A part of a text, in UTF-16 code units; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The locale is fixed, so that a text is split alike on every machine; sentence rules hardly differ between locales. */
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How far past a cut the grapheme that stands there is looked at. */
const MAX_GRAPHEME = 64;

/** The sentences of a range (Unicode UAX #29); lines that are only wrapped go on with the sentence. */
export function* splitSentences(text: string, { start, end }: Range): Generator<Range> {
  const unwrapped = text.slice(start, end).replace(/[\r\n]/g, ' ');
  for (const { segment, index } of SENTENCES.segment(unwrapped)) {
    const sentence = trimmed(text, { start: start + index, end: start + index + segment.length });
    if (sentence.end > sentence.start) yield sentence;
  }
}

/** The lines of a range that are not blank, with their indentation. */
export function* splitLines(text: string, { start, end }: Range): Generator<Range> {
  for (const match of text.slice(start, end).matchAll(/[^\r\n]*\S[^\r\n]*/g)) {
    yield { start: start + match.index, end: start + match.index + match[0].trimEnd().length };
  }
}

/** A range in parts of at most `maxCharacters`: cut at white space, or else between two graphemes. */
export function* splitWords(text: string, range: Range, maxCharacters: number): Generator<Range> {
  let { start } = range;
  while (range.end - start > maxCharacters) {
    const cut = start + lastCut(text.slice(start, start + maxCharacters + MAX_GRAPHEME), maxCharacters);
    const part = trimmed(text, { start, end: cut });
    if (part.end > part.start) yield part;
    start = trimmed(text, { start: cut, end: range.end }).start;
  }
  if (range.end > start) yield { start, end: range.end };
}

/** The last place in `window`, not after `limit`, where it can be cut. */
function lastCut(window: string, limit: number): number {
  for (let at = limit; at > limit / 2; at--) {
    if (/\s/.test(window.charAt(at))) return at;
  }
  return lastGrapheme(window, limit);
}

/** The last place in a text, not after `limit`, between two graphemes; or two characters, in a grapheme as long. */
export function lastGrapheme(text: string, limit: number): number {
  if (limit >= text.length) return text.length;
  const grapheme = GRAPHEMES.segment(text.slice(0, limit + MAX_GRAPHEME)).containing(limit)?.index ?? limit;
  if (grapheme > 0) return grapheme;
  const splitsPair = (text.codePointAt(limit - 1) ?? 0) > 0xffff;
  return splitsPair && limit > 1 ? limit - 1 : limit;
}

function trimmed(text: string, { start, end }: Range): Range {
  const part = text.slice(start, end);
  const first = start + part.length - part.trimStart().length;
  return { start: first, end: Math.max(first, start + part.trimEnd().length) };
}
