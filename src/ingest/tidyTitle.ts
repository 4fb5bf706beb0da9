import { MAX_TITLE_CHARACTERS } from './markdownLines.ts';

/** A title, heading or name on one line, at most {@link MAX_TITLE_CHARACTERS} long, of characters that can be stored. */
export function tidyTitle(text: string): string {
  const line = storable(text.slice(0, SOURCE_CHARACTERS)).replace(/\s+/g, ' ').trim();
  const cut = line.slice(0, MAX_TITLE_CHARACTERS);
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trimEnd();
}

/** White space goes first, so that more is read than is kept. */
const SOURCE_CHARACTERS = 10 * MAX_TITLE_CHARACTERS;

/** The same text, as long as it was, without what the store refuses: NUL, and halves of surrogate pairs. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
