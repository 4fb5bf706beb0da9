import { createRequire } from 'node:module';
import type { DestinationStream, LoggerOptions, Logger as Pino } from 'pino';
import type { Config } from '../config.ts';
import { measurements } from './Measurements.ts';
import { type Redact, redactorOf } from './redact.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Structured log lines: an event's name and what belongs to it. */
export interface Logger {
  error(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  debug(event: string, fields?: Fields): void;
}

export interface LoggerOptionsHere {
  /** Fields of every line. */
  readonly common?: Fields;
  /** What must never be written, wherever it comes from. */
  readonly secrets?: readonly string[];
  /** stderr if absent. */
  readonly write?: (line: string) => void;
}

const LEVELS = ['silent', 'error', 'info', 'debug'] as const;
const STDERR = 2;

/**
 * JSON by pino, one object to a line, to stderr unless `write` says otherwise: `level`, `time`, `common`, the call's own fields and
 * `event`. What belongs to callers stays out, as redact.ts has it. Every thread writes its lines by itself, and has them written
 * when the call returns. pino is loaded by the first line, so that a start does not wait for it.
 */
export function createLogger(level: Config['log'], options: LoggerOptionsHere = {}): Logger {
  const threshold = LEVELS.indexOf(level);
  const redact = redactorOf(options.secrets ?? []);
  let opened: Pino | undefined;
  const at = (name: 'error' | 'info' | 'debug') => {
    if (LEVELS.indexOf(name) > threshold) return () => {};
    return (event: string, fields: Fields = {}) => {
      measurements.count('alcove_log_lines_total', [name]);
      opened ??= open(level, redact, options);
      opened[name](redact(fields) as Fields, redact(event) as string);
    };
  };
  return { error: at('error'), info: at('info'), debug: at('debug') };
}

function open(level: Config['log'], redact: Redact, { common = {}, write }: LoggerOptionsHere): Pino {
  const pino: typeof import('pino').default = createRequire(import.meta.url)('pino');
  const options: LoggerOptions = {
    level,
    base: redact(common) as Fields,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {},
  };
  const destination: DestinationStream =
    write === undefined ? pino.destination({ dest: STDERR, sync: true }) : { write };
  return pino(options, destination);
}
