import { FLAGS } from './flags.ts';

/** docs/configuration.md: every variable with its flag, its values, its default and what it does. */
export function configurationPage(): string {
  const rows = FLAGS.map(({ variable, name, isSwitch, isSecret, values, fallback, description }) => {
    const flag = isSecret
      ? 'none'
      : isSwitch
        ? `\`${name}\`, \`${name.replace('--', '--no-')}\``
        : `\`${name}\``;
    return `| \`${variable}\` | ${flag} | ${values} | ${fallback} | ${description} |`;
  });
  return `# Configuration

Alcove is configured by environment variables; flags of \`alcove serve\` override them. Both are checked at start: a bad one is
named, with what it held and what it takes, and nothing is started. An empty variable counts as absent. \`npm start\` loads the
sample library unless \`ALCOVE_SAMPLE\` says otherwise. What can hold a key or a password has no flag, since anybody on the machine can see
those, and is not repeated in any message.

\`import\`, \`search\`, \`reindex\` and \`reembed\` talk to a running server: the one at \`--url\`, or \`ALCOVE_URL\`, or http://127.0.0.1:4400.
\`backup\` and \`restore\` work on the data folder: \`--data\`, or \`ALCOVE_DATA\`. \`model\` and \`seed\` have variables of their own: \`ALCOVE_HUB_URL\`,
\`ALCOVE_MODEL_HOST\`, \`ALCOVE_MODEL_PORT\`, \`ALCOVE_MODEL_API_KEY\` and \`ALCOVE_MODEL_URL\` ([models](models.md)).

This page is printed from the schema in [src/config.ts](../src/config.ts) by \`npm run generate\`.

| Variable | Flag | Values | Default | What it does |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
