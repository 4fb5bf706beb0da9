import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import { encodeVector } from '../library/vectorValue.ts';
import { VectorInput } from './vector.ts';

/** Characters that are put together before they are hashed, and others get their turn. */
const CHARACTERS_PER_TURN = 1_048_576;

/**
 * SHA-256 (hex) of an operation and its input, the same for inputs that mean the same: keys in order, keys without a value
 * left out, vectors by their float32 bytes, however they were written.
 */
export async function fingerprint(operation: string, input: object): Promise<string> {
  const hash = createHash('sha256');
  let text = '';
  for (const piece of canonical([operation, input])) {
    text += piece;
    if (text.length < CHARACTERS_PER_TURN) continue;
    hash.update(text);
    text = '';
    await nextTurn();
  }
  return hash.update(text).digest('hex');
}

/** A value as text, piece by piece: no other value has the same. */
function* canonical(value: unknown): Generator<string> {
  if (value instanceof VectorInput) {
    yield bytesOf(value);
  } else if (Array.isArray(value)) {
    yield '[';
    for (const item of value) {
      yield* canonical(item);
      yield ',';
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    for (const [key, member] of members.sort(([one], [other]) => (one < other ? -1 : 1))) {
      yield `${JSON.stringify(key)}:`;
      yield* canonical(member);
      yield ',';
    }
    yield '}';
  } else {
    yield JSON.stringify(value);
  }
}

function bytesOf(vector: VectorInput): string {
  try {
    return `vector:${encodeVector(vector.read(), 'BASE64')}`;
  } catch (error) {
    if (error instanceof AlcoveError) return `refused:${JSON.stringify(error.message)}`;
    throw error;
  }
}
