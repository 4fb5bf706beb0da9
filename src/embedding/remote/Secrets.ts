const REDACTED = '[secret]';
/** A stretch of a secret this long is taken for the secret, so that one that is cut or masked is found as well. */
const TELLTALE_LENGTH = 6;

/** What looks like a key whoever it belongs to: what a header of authorization says, and what is masked by asterisks. */
const LOOKS_SECRET = [/\b(?:bearer|basic)\s+[\w.~+/=-]{6,}/gi, /[\w-]*\*{3,}[\w-]*/g];

/** Takes secrets out of texts that come from elsewhere, such as the body of a provider's error. */
export class Secrets {
  readonly #secrets: readonly string[];

  /** Empty texts and undefined are no secrets. Each is known in its encodings, too: percent, Base64, JSON. */
  constructor(secrets: readonly (string | undefined)[]) {
    const known = secrets.filter((secret) => secret !== undefined && secret !== '') as string[];
    this.#secrets = [
      ...new Set(
        known.flatMap((secret) => [
          secret,
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64'),
          JSON.stringify(secret).slice(1, -1),
        ]),
      ),
    ];
  }

  /** The text without any secret, or a telling part of one. */
  redact(text: string): string {
    let redacted = text;
    for (const secret of this.#secrets) redacted = withoutSecret(redacted, secret);
    for (const pattern of LOOKS_SECRET) redacted = redacted.replaceAll(pattern, REDACTED);
    return redacted;
  }
}

function withoutSecret(text: string, secret: string): string {
  if (secret.length <= TELLTALE_LENGTH) return text.replaceAll(secret, REDACTED);
  let result = '';
  for (let at = 0; at < text.length; ) {
    const length = sharedLength(text, at, secret);
    result += length >= TELLTALE_LENGTH ? REDACTED : text.slice(at, at + 1);
    at += length >= TELLTALE_LENGTH ? length : 1;
  }
  return result;
}

/** How long the text, from `at` on, is the same as some stretch of the secret. */
function sharedLength(text: string, at: number, secret: string): number {
  let length = 0;
  while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++;
  return length;
}
