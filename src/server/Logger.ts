import type { Config } from '../config.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Structured log lines: an event's name and what belongs to it. */
export interface Logger {
  error(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  debug(event: string, fields?: Fields): void;
}

const LEVELS = ['silent', 'error', 'info', 'debug'] as const;

/**
 * JSON, one object to a line, to stderr unless `write` says otherwise: `time`, `level`, `event`, `common` and the
 * call's own fields. Errors among the fields are written with their stack.
 */
export function createLogger(
  level: Config['log'],
  common: Fields = {},
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const threshold = LEVELS.indexOf(level);
  const at = (name: 'error' | 'info' | 'debug') => {
    if (LEVELS.indexOf(name) > threshold) return () => {};
    return (event: string, fields: Fields = {}) => {
      const line = { time: new Date().toISOString(), level: name, event, ...common, ...fields };
      write(`${JSON.stringify(line, (_key, value) => (value instanceof Error ? describe(value) : value))}\n`);
    };
  };
  return { error: at('error'), info: at('info'), debug: at('debug') };
}

function describe(error: Error): Fields {
  const cause = error.cause === undefined ? {} : { cause: error.cause };
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}
