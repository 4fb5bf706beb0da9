import type { Engine, EngineSettings } from './Engine.ts';
import { openFaissFlat } from './faiss.ts';
import { openHnswlib } from './hnswlib.ts';
import { openLancedb } from './lancedb.ts';
import { PeerAbsentError } from './loadPeer.ts';
import { openSqliteVec } from './sqliteVec.ts';
import { openUsearch, openUsearchExact } from './usearch.ts';

type Open = (settings: EngineSettings) => Engine;

/** The peers by their names on the command line: those that approximate, and those that compare with every row. */
const PEERS: Readonly<Record<'approximate' | 'exact', Readonly<Record<string, Open>>>> = {
  approximate: {
    hnswlib: openHnswlib,
    usearch: (settings) => openUsearch(settings, 'f32'),
    'usearch-i8': (settings) => openUsearch(settings, 'i8'),
    lancedb: (settings) => openLancedb(settings),
  },
  exact: {
    'usearch-exact': openUsearchExact,
    'sqlite-vec': openSqliteVec,
    faiss: openFaissFlat,
    'lancedb-flat': (settings) => openLancedb(settings, true),
  },
};

export const PEER_NAMES: readonly string[] = Object.values(PEERS).flatMap((group) => Object.keys(group));

/** Opens those of the named peers of a kind that are there, and says which are not. */
export function openPeers(
  names: readonly string[],
  settings: EngineSettings,
  kind: keyof typeof PEERS = 'approximate',
): Engine[] {
  return names.flatMap((name) => {
    const open = PEERS[kind][name];
    if (open === undefined) return [];
    try {
      return [open(settings)];
    } catch (error) {
      if (!(error instanceof PeerAbsentError)) throw error;
      process.stderr.write(`bench: ${error.message}; the run goes on without it\n`);
      return [];
    }
  });
}
