import { z } from 'zod';
import { CONFIG_SCHEMA } from '../config.ts';

interface Variable {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** Defaults that depend on the machine, as words. */
const MACHINE_DEFAULTS: Readonly<Record<string, string>> = { ALCOVE_THREADS: 'one per core' };

/** docs/configuration.md: every environment variable, its values, its default and what it does. */
export function configurationPage(): string {
  const { properties } = z.toJSONSchema(CONFIG_SCHEMA, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, Variable>;
  };
  const rows = Object.entries(properties).map(
    ([name, variable]) =>
      `| \`${name}\` | ${valuesOf(name, variable)} | ${defaultOf(name, variable)} | ${variable.description ?? ''} |`,
  );
  return `# Configuration

Alcove is configured by environment variables. Flags of \`alcove serve\` of the same name (\`--port\` for \`ALCOVE_PORT\`)
override them. Variables are checked at start: a bad one is named, with what it held, and nothing is started.

This page is printed from the schema in [src/config.ts](../src/config.ts) by \`npm run generate\`.

| Variable | Values | Default | What it does |
|---|---|---|---|
${rows.join('\n')}
`;
}

function valuesOf(name: string, variable: Variable): string {
  if (variable.enum) return variable.enum.map((value) => `\`${value}\``).join(', ');
  const field = CONFIG_SCHEMA.shape[name as keyof typeof CONFIG_SCHEMA.shape];
  const bounds = z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }) as Variable;
  if (bounds.minimum !== undefined && bounds.maximum !== undefined) {
    return `${bounds.minimum.toLocaleString('en')} to ${bounds.maximum.toLocaleString('en')}`;
  }
  return 'text';
}

function defaultOf(name: string, variable: Variable): string {
  const words = MACHINE_DEFAULTS[name];
  if (words !== undefined) return words;
  return variable.default === '' ? 'none' : `\`${String(variable.default)}\``;
}
