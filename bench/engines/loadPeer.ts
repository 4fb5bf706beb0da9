import { createRequire } from 'node:module';

const fromHere = createRequire(import.meta.url);

/** A peer that is not there. The run goes on without it. */
export class PeerAbsentError extends Error {}

/**
 * Loads a peer's package. Its types are declared beside its adapter, only as far as they are used, so that Alcove is
 * type-checked without any peer installed.
 * @throws PeerAbsentError when it is not installed or does not run here.
 */
export function loadPeer<T>(name: string): { peer: T; version: string } {
  try {
    return { peer: fromHere(name) as T, version: versionOf(name) };
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0];
    throw new PeerAbsentError(`${name} is absent: ${reason}`, { cause });
  }
}

/** The version in the nearest package.json above the entry point: not every package exports its own. */
function versionOf(name: string): string {
  let folder = fromHere.resolve(name);
  for (;;) {
    const parent = folder.slice(0, folder.lastIndexOf('/'));
    if (parent === '') return name;
    folder = parent;
    try {
      const manifest = fromHere(`${folder}/package.json`) as { name?: string; version?: string };
      if (manifest.name === name) return `${name} ${manifest.version}`;
    } catch {
      // No package.json here: go on upwards.
    }
  }
}
