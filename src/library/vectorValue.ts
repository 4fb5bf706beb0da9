import { AlcoveError } from '../errors.ts';

const BYTES_PER_NUMBER = Float32Array.BYTES_PER_ELEMENT;
/** Base64 is written in groups of so many characters, the last of them padded. */
const BASE64_GROUP = 4;

/**
 * A vector as a caller writes it (a list of numbers, or base64 of little-endian float32), in a new array.
 * @throws AlcoveError InvalidVectorError
 */
export function readVectorValue(given: unknown): Float32Array {
  if (typeof given === 'string') return readBase64(given);
  if (given instanceof Float32Array) return checkNumbers(given);
  if (Array.isArray(given)) return readList(given);
  throw invalid(nameOf(given));
}

function readBase64(text: string): Float32Array {
  const byteLength = Buffer.byteLength(text, 'base64');
  if (text.length % BASE64_GROUP !== 0) {
    throw invalid(`a string of ${text.length} characters, where base64 has a multiple of ${BASE64_GROUP}`);
  }
  if (byteLength === 0 || byteLength % BYTES_PER_NUMBER !== 0) throw invalid(`base64 of ${byteLength} bytes`);
  const numbers = new Float32Array(byteLength / BYTES_PER_NUMBER);
  // Characters that are not of the alphabet are passed over by the decoder, and so leave bytes unwritten.
  const written = Buffer.from(numbers.buffer).write(text, 'base64');
  if (written !== byteLength) throw invalid(`a string of ${text.length} characters that is not base64`);
  return checkNumbers(numbers);
}

function checkNumbers(numbers: Float32Array): Float32Array {
  if (numbers.length === 0) throw invalid('an empty list');
  for (let at = 0; at < numbers.length; at++) {
    if (!Number.isFinite(numbers[at])) throw invalid(`${numbers[at]} at index ${at}`);
  }
  return numbers;
}

function readList(list: readonly unknown[]): Float32Array {
  if (list.length === 0) throw invalid('an empty list');
  const numbers = new Float32Array(list.length);
  for (let at = 0; at < list.length; at++) {
    const value = list[at];
    if (typeof value !== 'number') throw invalid(`${nameOf(value)} at index ${at}`);
    numbers[at] = value;
    if (!Number.isFinite(numbers[at])) throw invalid(`${value} at index ${at}`);
  }
  return numbers;
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

function invalid(got: string): AlcoveError {
  const expected = 'a list of finite float32 numbers, or base64 of little-endian float32 (four bytes each)';
  return new AlcoveError('InvalidVectorError', `The vector is invalid: got ${got}, expected ${expected}.`, {
    detail: { got, expected },
  });
}

/** Digits that tell every float32 from its neighbours. */
const FLOAT32_DIGITS = 9;

/** How a vector is written: numbers, or base64 of their little-endian float32. */
export type VectorEncodingName = 'LIST' | 'BASE64';

/** A vector in the form asked for. */
export function encodeVector(vector: Float32Array, encoding: VectorEncodingName): readonly number[] | string {
  return encoding === 'BASE64'
    ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
    : Array.from(vector, (value) => Number(value.toPrecision(FLOAT32_DIGITS)));
}
