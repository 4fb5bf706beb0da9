import { z } from 'zod';

/** Whether or not. */
export const flag = (fallback: 'true' | 'false') =>
  z
    .enum(['true', 'false', '1', '0'])
    .default(fallback)
    .transform((value) => value === 'true' || value === '1');

/** A whole number written in digits: no sign, space, fraction or exponent. */
export const count = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d+$/, error).transform(Number).pipe(z.number().min(min, error).max(max, error));
};

/** As browsers send it: scheme, host and a port that is not the scheme's own, with nothing behind. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;
/** Origins, separated by commas. */
export const origins = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine((list) => list.every(isOrigin), 'expected origins, separated by commas: https://app.example');

/** As a header takes it: printable, without spaces. */
export const apiKey = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'expected a key: printable characters without spaces');

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
/** Where something is reached over HTTP. */
export const baseUrl = z.string().refine(isHttpUrl, 'expected a URL that begins with http:// or https://');

const MIN_ADMIN_KEY_LENGTH = 32;
const MIN_ADMIN_KEY_CHARACTERS = 10;
/** One that others could guess is refused: a word of a manual, or its repetition. */
export const adminKey = apiKey.refine(
  (key) => key.length >= MIN_ADMIN_KEY_LENGTH && new Set(key).size >= MIN_ADMIN_KEY_CHARACTERS,
  `expected at least ${MIN_ADMIN_KEY_LENGTH} characters, of ${MIN_ADMIN_KEY_CHARACTERS} kinds: openssl rand -hex 32 makes some`,
);
