import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { StartError } from '../StartError.ts';

/** Operations that the server knows from its start. */
export interface RegisteredOperations {
  /** Texts by their id, and by their SHA-256 in hex. */
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
}

/** As GraphQL Code Generator and Relay write it: texts by id. */
const BY_ID = z.record(z.string(), z.string());
/** As Apollo's generate-persisted-query-manifest writes it. */
const MANIFEST = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

export const NONE_REGISTERED: RegisteredOperations = { byId: new Map(), texts: new Set() };

/**
 * The operations of ALCOVE_OPERATIONS_FILE, or none without one.
 * @throws StartError for a file that is needed and not named, cannot be read or is not of either form, and for an
 *   operation that is no GraphQL.
 */
export function readRegisteredOperations(config: Config): RegisteredOperations {
  const path = config.operationsFile;
  if (path === '' && config.operations === 'any') return NONE_REGISTERED;
  if (path === '') throw new StartError('ALCOVE_OPERATIONS=registered needs ALCOVE_OPERATIONS_FILE');
  const byId = new Map<string, string>();
  for (const [id, text] of Object.entries(operationsIn(path))) {
    checkOperation(path, id, text);
    byId.set(id, text);
    byId.set(createHash('sha256').update(text).digest('hex'), text);
  }
  return { byId, texts: new Set(byId.values()) };
}

function operationsIn(path: string): Readonly<Record<string, string>> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartError(`cannot read ALCOVE_OPERATIONS_FILE: ${(error as Error).message}`, { cause: error });
  }
  const manifest = MANIFEST.safeParse(content);
  if (manifest.success) return Object.fromEntries(manifest.data.operations.map(({ id, body }) => [id, body]));
  const byId = BY_ID.safeParse(content);
  if (byId.success) return byId.data;
  throw new StartError(
    `ALCOVE_OPERATIONS_FILE=${path}: expected {"<id>": "<operation>", …}, or the manifest that Apollo's tools write`,
  );
}

function checkOperation(path: string, id: string, text: string): void {
  try {
    parse(text);
  } catch (error) {
    throw new StartError(
      `ALCOVE_OPERATIONS_FILE=${path}: the operation "${id}" is ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}
