import { FLAGS } from './flags.ts';

/** docs/configuration.md: every variable with its flag, its values, its default and what it does. */
export function configurationPage(): string {
  const rows = FLAGS.map(({ variable, name, isSwitch, values, fallback, description }) => {
    const flag = isSwitch ? `\`${name}\`, \`${name.replace('--', '--no-')}\`` : `\`${name}\``;
    return `| \`${variable}\` | ${flag} | ${values} | ${fallback} | ${description} |`;
  });
  return `# Configuration

Alcove is configured by environment variables; flags of \`alcove serve\` override them. Both are checked at start: a bad one is
named, with what it held, and nothing is started.

This page is printed from the schema in [src/config.ts](../src/config.ts) by \`npm run generate\`.

| Variable | Flag | Values | Default | What it does |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
