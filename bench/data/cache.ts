import { fileURLToPath } from 'node:url';

/** Where truths and the peers' built indexes are kept between runs; ignored by git, and may be removed at any time. */
export const CACHE = fileURLToPath(new URL('../.cache', import.meta.url));
