import { join } from 'node:path';

/** The names of what is in a data folder; docs/operations.md lists them. */
export const dataFolder = {
  database: (dataPath: string): string => join(dataPath, 'alcove.db'),
  keys: (dataPath: string): string => join(dataPath, 'keys.db'),
  lock: (dataPath: string): string => join(dataPath, 'lock.db'),
  embeddings: (dataPath: string): string => join(dataPath, 'embeddings.db'),
  indexes: (dataPath: string): string => join(dataPath, 'indexes'),
  uploads: (dataPath: string): string => join(dataPath, 'uploads'),
} as const;
