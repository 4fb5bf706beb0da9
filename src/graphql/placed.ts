import { AlcoveError } from '../errors.ts';

/** Does `work`, and puts `path` before that of an AlcoveError: the place, seen from the arguments of the field. */
export function placed<T>(path: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof AlcoveError ? error.within(...path) : error;
  }
}

/** As {@link placed}, for work that takes a while. */
export async function placedLater<T>(path: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AlcoveError ? error.within(...path) : error;
  }
}
