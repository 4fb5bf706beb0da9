import type { Engine, EngineSettings } from './Engine.ts';
import { openHnswlib } from './hnswlib.ts';
import { PeerAbsentError } from './loadPeer.ts';
import { openUsearch } from './usearch.ts';

/** The approximate peers by their names on the command line. */
export const PEERS: Readonly<Record<string, (settings: EngineSettings) => Engine | Promise<Engine>>> = {
  hnswlib: openHnswlib,
  usearch: (settings) => openUsearch(settings, 'f32'),
  'usearch-i8': (settings) => openUsearch(settings, 'i8'),
};

/** Opens those of the named peers that are there, and says which are not. */
export async function openPeers(names: readonly string[], settings: EngineSettings): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const name of names) {
    try {
      engines.push(await (PEERS[name] as (typeof PEERS)[string])(settings));
    } catch (error) {
      if (!(error instanceof PeerAbsentError)) throw error;
      process.stderr.write(`bench: ${error.message}; the run goes on without it\n`);
    }
  }
  return engines;
}
