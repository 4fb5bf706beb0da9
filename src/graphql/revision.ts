/** Digits of the greatest safe integer, so that revisions order as text as they do as numbers. */
const DIGITS = 16;

/** A revision as clients see it. */
export function formatRevision(revision: number): string {
  return String(revision).padStart(DIGITS, '0');
}

/** The revision that {@link formatRevision} wrote, or undefined where it wrote no such text. */
export function parseRevision(text: string): number | undefined {
  const revision = Number(text);
  return /^\d+$/.test(text) && text.length === DIGITS && Number.isSafeInteger(revision)
    ? revision
    : undefined;
}
