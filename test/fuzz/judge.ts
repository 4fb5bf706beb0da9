import type { Answer, Case } from './Case.ts';
import { isLeak } from './LimitedKey.ts';
import type { LoadThen } from './Load.ts';

/** Close codes of WebSocket by which a server says that it failed. */
const SERVER_FAULT_CODES = [1002, 1007, 1011, 1012, 1014, 4500];
/** The place in a program that something was thrown at. */
const STACK_TRACE = /\n\s+at .+:\d+:\d+|\\n\s+at .+:\d+:\d+|node:internal|node_modules\//;
const INTERNAL = /"(?!name")\w+":"INTERNAL_SERVER_ERROR"|"Internal error"|"kind":"InternalError"/;

/** What is wrong with an answer, in one line that is the same for the same fault; nothing for one that is as promised. */
export function faultIn(sent: Case, answer: Answer, load: LoadThen): string | undefined {
  const { way } = sent;
  const { status, text, silence } = answer;
  if (silence !== undefined) return `${way}: no answer: ${silence}`;
  const isServersFault =
    way === 'SOCKET' ? SERVER_FAULT_CODES.includes(status) : status >= 500 && !isTurnedAway(answer);
  if (isServersFault) return `${way}: the status ${status}`;
  const unfounded = unfoundedRefusal(text, load);
  if (unfounded !== undefined) return `${way}: turned away ${unfounded}`;
  if (isLeak(sent, answer)) return `${way}: a limited key was shown what is not its`;
  if (INTERNAL.test(text)) return `${way}: an internal error`;
  if (STACK_TRACE.test(text)) return `${way}: a stack trace`;
  if (way === 'HTTP' && status >= 200 && !isReadable(text)) return `${way}: an answer that is no JSON`;
  return undefined;
}

/** An OverloadedError as it is answered, with nothing beside it. */
const OVERLOADED =
  /\{"errors":\[(\{"message":"[^"]*","extensions":\{[^{}]*"kind":"OverloadedError"[^{}]*\}\})\]\}/;
/** How one says what the queue of its thread held. */
const HELD = /(\d+) requests are running and (\d+) wait\. Try again in (\d+) ms/g;
/** So long may a request wait for its turn: the default of ALCOVE_MAX_QUEUE_MS, as the server under test has it. */
const MAX_QUEUE_MS = 1_000;
/** The most that a queue takes one request to cost, when it says that those before another would take too long. */
const MAX_SHARE_MS = 100;
/** Where everything is answered sooner than this, nothing would have waited for MAX_QUEUE_MS. */
const BUSY_MS = MAX_QUEUE_MS / 10;

/** Whether a server says that it has more to do than it can, in the way that clients are promised: typed, to be tried again, and when. */
export function isTurnedAway({ status, text, retryAfter }: Omit<Answer, 'isLeft'>): boolean {
  if (status !== 503 || !/^[1-9]\d{0,3}$/.test(retryAfter ?? '')) return false;
  const [, error] = OVERLOADED.exec(text) ?? [];
  if (error === undefined) return false;
  const { extensions } = JSON.parse(error) as { extensions: Record<string, unknown> };
  const { code, retryable, retryAfterMs } = extensions;
  return (
    code === 'RESOURCE_EXHAUSTED' &&
    retryable === true &&
    Number(retryAfter) === Math.ceil(Number(retryAfterMs) / 1_000)
  );
}

/** Why what was to be done does not explain that something was turned away for want of room; nothing where it does, or nothing was. */
function unfoundedRefusal(text: string, { operations, ms, slowestMs }: LoadThen): string | undefined {
  for (const [, running, waiting] of text.matchAll(HELD)) {
    if (Number(running) + Number(waiting) > operations) return 'for more than was sent';
    // Either it has waited too long itself, or those before it would have made it.
    if (ms < MAX_QUEUE_MS && Number(waiting) * MAX_SHARE_MS <= MAX_QUEUE_MS)
      return 'before it waited, with next to nothing before it';
    if (Math.max(ms, slowestMs) < BUSY_MS) return 'while everything was answered at once';
  }
  return undefined;
}

/** By which code an answer is counted: that of its first error, or '' where it has none. */
export function codeIn(text: string): string {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? '';
}

/** Every answer is JSON, or frames of it; only the beginning of a long one is there to look at. */
function isReadable(text: string): boolean {
  return text === '' || /^\s*(?:[{[]|event:|data:|:|--|---\r|\r\n--)/.test(text);
}

/** What names the cause in a log: the message of its first error and the place that threw it. */
export function signatureOf(log: string): string {
  const event = /"event":"([^"]*)"/.exec(log)?.[1] ?? '';
  const message = /"error":\{"name":"[^"]*","message":"((?:\\.|[^"\\]){0,120})/.exec(log)?.[1] ?? '';
  const place = /\(?(?:file:\/\/)?\/[^\s)"\\]*\/((?:src|node_modules|test)\/[^\s)"\\]+)/.exec(log)?.[1] ?? '';
  return [event, message.replaceAll(/"[^"]*"|\d+/g, '…'), place].filter((part) => part !== '').join(' | ');
}
