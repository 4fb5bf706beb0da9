import { hash, randomBytes } from 'node:crypto';

const ID_LENGTH = 12;
const SECRET_BYTES = 32;
/** Crockford's base 32 in lower case. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const KEY = new RegExp(`^alcove_([${ALPHABET}]{${ID_LENGTH}})_([A-Za-z0-9_-]{43})$`);

/** A key in its two parts: the id, which anybody may see, and the secret, which nobody keeps but its owner. */
export interface KeyParts {
  readonly id: string;
  /** 256 random bits, as base64url. */
  readonly secret: string;
}

/** A new key: 60 bits of id, 256 bits of secret. */
export function newKey(): KeyParts {
  const id = Array.from(randomBytes(ID_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
  return { id, secret: randomBytes(SECRET_BYTES).toString('base64url') };
}

/** A key as its owner holds it: `alcove_ID_SECRET`. */
export function formatKey({ id, secret }: KeyParts): string {
  return `alcove_${id}_${secret}`;
}

/** The parts of what might be a key; undefined if it has not the form of one. */
export function parseKey(text: string): KeyParts | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/**
 * SHA-256. The secrets are random and long, so a slow hash would protect nothing more, and it is computed with every
 * request.
 */
export function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
