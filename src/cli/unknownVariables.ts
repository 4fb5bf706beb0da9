import { CONFIG_SCHEMA, ConfigError } from '../config.ts';

/** Variables of other commands and of the checks of this repository, which may be set where a server is started. */
const OTHER_VARIABLES = [
  'ALCOVE_URL',
  'ALCOVE_ADMIN_KEY',
  'ALCOVE_API_KEY',
  'ALCOVE_HUB_URL',
  'ALCOVE_MODEL_HOST',
  'ALCOVE_MODEL_PORT',
  'ALCOVE_MODEL_URL',
  'ALCOVE_MODEL_API_KEY',
  'ALCOVE_REQUIRE_BROWSER',
  'ALCOVE_REQUIRE_TRANSFORMERS',
  'ALCOVE_REQUIRE_IMAGE',
  'ALCOVE_REQUIRE_CHART',
  'ALCOVE_CHECK_CACHE',
];

/** What Docker and Kubernetes put into the environment for a service that is called `alcove`, and nobody has written. */
const SERVICE_LINK = /^ALCOVE_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)$/;

/** Names that differ by more letters are not taken for a slip. */
const MAX_SLIPS = 3;

/**
 * Refuses variables that begin as Alcove's do and mean nothing: a misspelt limit would otherwise be none.
 * What they held is not shown, since it may be a secret.
 * @throws ConfigError naming each, and the name that was probably meant.
 */
export function refuseUnknownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const known = [...Object.keys(CONFIG_SCHEMA.shape), ...OTHER_VARIABLES];
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('ALCOVE_') && !known.includes(name) && !SERVICE_LINK.test(name),
  );
  if (unknown.length === 0) return;
  const lines = unknown.sort().map((name) => {
    const meant = nearest(name, known);
    return `${name}: there is no such setting${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  });
  throw new ConfigError(`${lines.join('; ')} (docs/configuration.md lists them all)`);
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, slips: slipsBetween(name, candidate) }))
    .sort((one, other) => one.slips - other.slips);
  return best !== undefined && best.slips <= MAX_SLIPS ? best.candidate : undefined;
}

/** Letters to insert, delete or replace to make one of the other (Levenshtein 1966). */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let column = 0; column < other.length; column++) {
      const replaced = (row[column] ?? 0) + (other[column] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
