/** Letters of the Latin alphabet that one token holds at least, on average, in running text of any kind. */
const LETTERS_PER_TOKEN = 3;

/** How far back from a cut a space is looked for, so that it does not go through a word. */
const MAX_WORD_LENGTH = 64;

const LETTER_RUN = /[A-Za-z]+/y;
const SPACE = /\s/;

/**
 * How many tokens a text is taken for where the model's own tokenizer is not at hand: rather too many than too few. A run
 * of Latin letters counts one for every three, a digit or symbol one, and any other character one for each of its UTF-8
 * bytes but the first. English prose has about two thirds of that.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const piece of pieces(text, 0)) tokens += piece.tokens;
  return tokens;
}

/** The beginning of `text` that is estimated at no more than `maxTokens`, cut between words where that is near. */
export function cutByEstimate(text: string, maxTokens: number): string {
  let tokens = 0;
  for (const { start, tokens: cost } of pieces(text, 0)) {
    tokens += cost;
    if (tokens > maxTokens) return text.slice(0, cutBefore(text, start));
  }
  return text;
}

/** Where to cut at `at` or before: after the last space in {@link MAX_WORD_LENGTH} characters, never within a character. */
export function cutBefore(text: string, at: number): number {
  for (let space = at; space > Math.max(0, at - MAX_WORD_LENGTH); space--) {
    if (SPACE.test(text[space - 1] ?? '')) return space;
  }
  const isWithin = /[\uDC00-\uDFFF]/.test(text[at] ?? '');
  return isWithin ? at - 1 : at;
}

/** The text in runs of letters, at most three long, and single characters, each with what it costs. */
function* pieces(text: string, from: number): Generator<{ readonly start: number; readonly tokens: number }> {
  for (let at = from; at < text.length; ) {
    LETTER_RUN.lastIndex = at;
    const run = LETTER_RUN.exec(text)?.[0].length ?? 0;
    if (run > 0) {
      for (let start = at; start < at + run; start += LETTERS_PER_TOKEN) yield { start, tokens: 1 };
      at += run;
      continue;
    }
    const code = text.codePointAt(at) ?? 0;
    yield { start: at, tokens: characterTokens(code) };
    at += code > 0xffff ? 2 : 1;
  }
}

function characterTokens(code: number): number {
  if (code <= 0x20) return 0;
  if (code < 0x800) return 1;
  return code < 0x1_0000 ? 2 : 3;
}
