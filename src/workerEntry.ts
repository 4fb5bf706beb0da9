import { extname } from 'node:path';

/**
 * The address of a thread's entry file beside the caller's: `.ts` while the sources run as they are, `.js` once they
 * are compiled. `from` is the caller's `import.meta.url`.
 */
export function workerEntry(name: string, from: string): URL {
  return new URL(`./${name}${extname(new URL(from).pathname)}`, from);
}
