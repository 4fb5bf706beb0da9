import { linesOf } from './blocks.ts';
import { frontMatterLength } from './markdownLines.ts';
import { tidyTitle } from './tidyTitle.ts';

/**
 * The title and author that a Markdown text's YAML front matter names as plain or quoted scalars at its top level. What
 * YAML can say beyond that is passed over: the text itself keeps the front matter as it is.
 */
export function frontMatter(text: string): { readonly title?: string; readonly author?: string } {
  const found: { title?: string; author?: string } = {};
  for (const line of linesOf(text.slice(0, frontMatterLength(text)))) {
    const [, key, value = ''] = /^(title|author):[ \t]+(\S.*)$/i.exec(line.text) ?? [];
    const scalar = scalarOf(value.trim());
    if (key !== undefined && scalar !== '')
      found[key.toLowerCase() === 'title' ? 'title' : 'author'] ??= scalar;
  }
  return found;
}

/** A scalar without its quotes or comment; empty where it is something else (a list, a block, an alias). */
function scalarOf(value: string): string {
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  if (double !== undefined) return tidyTitle(double.replace(/\\(["\\/])/g, '$1'));
  const single = /^'((?:[^']|'')*)'/.exec(value)?.[1];
  if (single !== undefined) return tidyTitle(single.replaceAll("''", "'"));
  return /^[[{|>&*!%@`"']/.test(value) ? '' : tidyTitle(value.replace(/\s#.*$/, ''));
}
