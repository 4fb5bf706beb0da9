/**
 * The form in which text operators compare: Unicode NFKC, then lower case. It belongs to the meaning of stored
 * filters, so it must stay the same on every thread and in every version.
 */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
