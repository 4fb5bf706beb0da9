import { createHash } from 'node:crypto';
import { AlcoveError } from '../errors.ts';

/**
 * SHA-256 (hex) of an operation and its input, the same for inputs that mean the same: keys in order, keys without a value
 * left out, vectors by their float32 bytes, however they were written.
 */
export function fingerprint(operation: string, input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([operation, canonical(input)]))
    .digest('hex');
}

function canonical(value: unknown): unknown {
  if (value instanceof Float32Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { vector: createHash('sha256').update(bytes).digest('hex') };
  }
  if (value instanceof AlcoveError) return { refused: value.message };
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  );
}
