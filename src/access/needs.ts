import { demand, type Need, type Principal } from './Principal.ts';

const READ: Need = { role: 'READ' };
const WRITE: Need = { role: 'WRITE' };
const ADMIN: Need = { role: 'ADMIN' };
/** Which libraries there are and what they are called, and what the server does for all of them together. */
const WHOLE_SERVER: Need = { role: 'ADMIN', everyLibrary: true };

/** @throws AlcoveError ForbiddenError unless the principal may have `what`, which is about the server as a whole. */
export function demandWholeServer(principal: Principal, what: string): void {
  demand(principal, WHOLE_SERVER, what);
}

/** The types of which every field has to say what it takes. What is in other types is reached through these alone. */
export const GUARDED_TYPES = ['Query', 'Mutation', 'Subscription', 'Server'] as const;

/**
 * What each field takes of whoever asks for it. Which libraries it shows is no matter of this table: a key sees its own in all of
 * them (see Views.ts).
 */
export const NEEDS: Readonly<Record<string, Need>> = {
  'Query.job': READ,
  'Query.jobs': READ,
  'Query.knnSearch': READ,
  'Query.knnSearchBatch': READ,
  'Query.libraries': READ,
  'Query.library': READ,
  'Query.node': READ,
  'Query.nodes': READ,
  'Query.search': READ,
  'Query.server': READ,

  // cancelJob takes ADMIN for jobs that take ADMIN to begin: see job.ts.
  'Mutation.cancelJob': WRITE,
  'Mutation.createChunks': WRITE,
  'Mutation.createDocument': WRITE,
  'Mutation.createLibrary': WHOLE_SERVER,
  'Mutation.deleteChunks': WRITE,
  'Mutation.deleteDocument': WRITE,
  'Mutation.deleteLibrary': WHOLE_SERVER,
  'Mutation.importFiles': WRITE,
  'Mutation.importUrls': WRITE,
  'Mutation.reembed': ADMIN,
  'Mutation.reindex': ADMIN,
  'Mutation.updateChunk': WRITE,
  'Mutation.updateDocument': WRITE,
  // A new name takes a key for all libraries: see library.ts.
  'Mutation.updateLibrary': ADMIN,
  'Mutation.upsertChunks': WRITE,
  'Mutation.upsertDocument': WRITE,

  'Subscription.indexJob': READ,
  'Subscription.indexJobs': READ,
  'Subscription.libraryEvents': READ,

  'Server.embedders': READ,
  'Server.embeddingCache': WHOLE_SERVER,
  'Server.libraryCount': READ,
  'Server.load': WHOLE_SERVER,
  'Server.memory': WHOLE_SERVER,
  'Server.revision': READ,
  'Server.startedAt': READ,
  'Server.threads': READ,
  'Server.uptimeSeconds': READ,
  'Server.version': READ,
};
