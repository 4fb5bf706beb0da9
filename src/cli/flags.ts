import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CONFIG_SCHEMA, isSecretVariable } from '../config.ts';

/** A variable of the configuration, and the flag of `alcove serve` that overrides it, unless it can hold a secret. */
export interface Flag {
  /** `ALCOVE_MAX_BODY_BYTES` */
  readonly variable: string;
  /** `--max-body-bytes` */
  readonly name: string;
  /** Whether it is on or off, and so given as `--sample` or `--no-sample`. */
  readonly isSwitch: boolean;
  /** Whether it comes from the environment alone, since anybody can see the flags of a process. */
  readonly isSecret: boolean;
  readonly description: string;
  /** The values that it takes, as words: `0 to 65,535`. */
  readonly values: string;
  /** What holds when it is absent, as words. */
  readonly fallback: string;
}

/** Defaults that depend on the machine. */
const MACHINE_DEFAULTS: Readonly<Record<string, string>> = {
  ALCOVE_THREADS: 'one per core',
  ALCOVE_INDEX_MEMORY_BYTES: "60 % of the machine's or the container's memory",
  ALCOVE_BUILD_THREADS: 'one per core but one',
};

interface Property {
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** Every variable of the configuration schema, in its order. */
export const FLAGS: readonly Flag[] = Object.entries(CONFIG_SCHEMA.shape).map(([variable, field]) => {
  const taken = propertyOf(field, 'input');
  const made = propertyOf(field, 'output');
  const isSwitch = taken.enum?.includes('true') ?? false;
  const fallback = String(taken.default ?? made.default ?? '');
  return {
    variable,
    name: `--${variable.replace('ALCOVE_', '').toLowerCase().replaceAll('_', '-')}`,
    isSwitch,
    isSecret: isSecretVariable(variable),
    description: field.description ?? '',
    values: isSwitch ? 'true, false, 1, 0' : (taken.enum?.join(', ') ?? rangeOf(made)),
    fallback: MACHINE_DEFAULTS[variable] ?? (fallback === '' ? 'none' : fallback),
  };
});

/** Adds a flag for each of the variables. Help shows of a switch the side that changes something. */
export function addFlags(command: Command, flags: readonly Flag[] = FLAGS): Command {
  for (const { variable, name, isSwitch, isSecret, description, fallback } of flags) {
    if (isSecret) continue;
    const about = `${description} (${variable}, default: ${fallback})`;
    if (!isSwitch) {
      command.addOption(new Option(`${name} <value>`, about));
      continue;
    }
    const isOn = fallback === 'true';
    command.addOption(new Option(name, about).hideHelp(isOn));
    command.addOption(new Option(name.replace('--', '--no-'), `off: ${about}`).hideHelp(!isOn));
  }
  return command;
}

/** The environment with flags laid over it: `{ port: '0' }`, as commander has them, overrides ALCOVE_PORT. */
export function environmentWith(
  options: Readonly<Record<string, string | boolean | undefined>>,
): NodeJS.ProcessEnv {
  const given = FLAGS.flatMap(({ variable, name, isSecret }) => {
    if (isSecret) return [];
    const value = options[new Option(name).attributeName()];
    return value === undefined ? [] : [[variable, String(value)]];
  });
  return { ...process.env, ...Object.fromEntries(given) };
}

/** The flag of one variable. */
export function flagOf(variable: string): Flag {
  return FLAGS.find((flag) => flag.variable === variable) as Flag;
}

function propertyOf(field: z.ZodType, io: 'input' | 'output'): Property {
  return z.toJSONSchema(field, { io, unrepresentable: 'any' }) as Property;
}

function rangeOf({ minimum, maximum }: Property): string {
  if (minimum === undefined || maximum === undefined) return 'text';
  return `${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
}
