import { KeyStore } from '../access/KeyStore.ts';
import type { Config } from '../config.ts';
import { dataFolder } from '../store/dataFolder.ts';

/** Should this process be killed meanwhile, its key ends by itself. */
const LIFETIME_MS = 3_600_000;

/** Does something with a key of its own, where the server asks for one; it is revoked afterwards. */
export async function withOwnKey<T>(
  { auth, dataPath }: Config,
  work: (key: { readonly key?: string }) => Promise<T>,
): Promise<T> {
  if (!auth.isRequired) return work({});
  const store = KeyStore.open(dataFolder.keys(dataPath));
  const now = Date.now();
  const { key, text } = store.create({
    name: `serve at ${new Date(now).toISOString()}`,
    role: 'ADMIN',
    libraries: null,
    expiresAt: now + LIFETIME_MS,
  });
  try {
    return await work({ key: text });
  } finally {
    store.revoke(key.id);
    store.close();
  }
}
