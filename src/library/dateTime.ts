/** RFC 3339: a date, a time of day with or without a fraction, and an offset. Leap seconds are not taken. */
const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The times that RFC 3339 can write, with years 0000 to 9999. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Milliseconds since the epoch of an RFC 3339 date-time (finer digits are cut off), or undefined if it is not one. */
export function parseDateTime(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day] = match.map(Number);
  // Date.parse takes the 30th of February for the 2nd of March.
  const daysInMonth = new Date(Date.UTC(2000 + ((year ?? 0) % 400), month ?? 0, 0)).getUTCDate();
  if (month === undefined || month < 1 || month > 12 || day === undefined || day < 1 || day > daysInMonth) {
    return undefined;
  }
  const ms = Date.parse(text.toUpperCase());
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : undefined;
}

/** The canonical text of a time: RFC 3339 in UTC with milliseconds. */
export function formatDateTime(ms: number): string {
  return new Date(ms).toISOString();
}
