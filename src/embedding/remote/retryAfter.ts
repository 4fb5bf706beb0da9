/** Seconds, or an HTTP date: RFC 9110, 10.2.3. */
const SECONDS = /^\d+(\.\d+)?$/;

/**
 * How long the headers of an answer (names in lower case) ask to wait from `now` (ms since the epoch), in milliseconds: by
 * `retry-after-ms`, which OpenAI sends, or `retry-after`. Undefined where they say nothing that can be understood.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const ms = headers['retry-after-ms']?.trim() ?? '';
  if (SECONDS.test(ms)) return Math.ceil(Number(ms));
  const after = headers['retry-after']?.trim() ?? '';
  if (SECONDS.test(after)) return Math.ceil(Number(after) * 1_000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
