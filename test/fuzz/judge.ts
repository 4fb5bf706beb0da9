import type { Answer, Case } from './Case.ts';

/** Close codes of WebSocket by which a server says that it failed. */
const SERVER_FAULT_CODES = [1002, 1007, 1011, 1012, 1014, 4500];
/** The place in a program that something was thrown at. */
const STACK_TRACE = /\n\s+at .+:\d+:\d+|\\n\s+at .+:\d+:\d+|node:internal|node_modules\//;
const INTERNAL = /"(?!name")\w+":"INTERNAL_SERVER_ERROR"|"Internal error"|"kind":"InternalError"/;

/** What is wrong with an answer, in one line that is the same for the same fault; nothing for one that is as promised. */
export function faultIn({ way }: Case, { status, text, silence }: Answer): string | undefined {
  if (silence !== undefined) return `${way}: no answer: ${silence}`;
  const isServersFault =
    way === 'SOCKET' ? SERVER_FAULT_CODES.includes(status) : status >= 500 && !isTurnedAway(status, text);
  if (isServersFault) return `${way}: the status ${status}`;
  if (INTERNAL.test(text)) return `${way}: an internal error`;
  if (STACK_TRACE.test(text)) return `${way}: a stack trace`;
  if (way === 'HTTP' && status >= 200 && !isReadable(text)) return `${way}: an answer that is no JSON`;
  return undefined;
}

/** Whether a server has more to do than it can, and says so: its own promise, kept whatever is sent. */
function isTurnedAway(status: number, text: string): boolean {
  return status === 503 && codeIn(text) === 'RESOURCE_EXHAUSTED';
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
