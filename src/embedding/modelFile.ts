import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AlcoveError } from '../errors.ts';
import type { LearnedWords } from './TrainedModel.ts';

/**
 * A trained model's file, little-endian:
 *
 *     "ALCOVEMD" · version: uint32 · bytes of the header: uint32 · header: JSON, filled up with spaces
 *     passageCounts: n × uint32 · scales: n × float32 · gramScales: b × float32
 *     vectors: n × meaning × int8 · gramVectors: b × meaning × int8 · words: UTF-8, by line feeds
 *     SHA-256 of all that is before it: 32 bytes
 *
 * The same corpus, options and seed make the same bytes.
 */
const MAGIC = 'ALCOVEMD';
const VERSION = 1;
const PREFIX_BYTES = MAGIC.length + 8;
const ALIGNMENT = 8;
const CHECKSUM_BYTES = 32;
/** Hexadecimal digits of the checksum that a model is told by. */
const FINGERPRINT_DIGITS = 8;

const HEADER = z.strictObject({
  meaning: z.int().min(1).max(4_096),
  spelling: z.int().min(1).max(4_096),
  words: z.int().min(1).max(1_000_000),
  wordBytes: z.int().min(1),
  grams: z.int().min(1).max(1_048_576),
  passages: z.int().min(1),
  seed: z.int().min(0),
});
type Header = z.infer<typeof HEADER>;

/** A model's file as bytes, and what tells it from every other. */
export interface ModelFile {
  readonly learned: LearnedWords;
  readonly seed: number;
  /** `1f0c9a7b`: changes whenever the vectors do. */
  readonly fingerprint: string;
}

export function encodeModelFile(learned: LearnedWords, seed: number): Buffer {
  const words = Buffer.from(learned.words.join('\n'));
  const header: Header = {
    meaning: learned.meaning,
    spelling: learned.spelling,
    words: learned.words.length,
    wordBytes: words.length,
    grams: learned.gramScales.length,
    passages: learned.passages,
    seed,
  };
  const json = JSON.stringify(header);
  const padded = Buffer.from(json.padEnd(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(VERSION, MAGIC.length);
  prefix.writeUInt32LE(padded.length, MAGIC.length + 4);
  const { passageCounts, scales, gramScales, vectors, gramVectors } = learned;
  const numbers = [passageCounts, scales, gramScales, vectors, gramVectors].map((values) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  const body = Buffer.concat([prefix, padded, ...numbers, words]);
  return Buffer.concat([body, checksumOf(body)]);
}

/**
 * Reads and checks a model's file; `name` is what errors call it.
 * @throws AlcoveError EmbedderError when it is not such a file, of another version, cut off or damaged.
 */
export function decodeModelFile(bytes: Uint8Array, name: string): ModelFile {
  // A copy, so that numbers of four bytes begin where they may.
  const file = Buffer.from(new Uint8Array(bytes).buffer);
  const isMagic = file.length >= PREFIX_BYTES && file.toString('latin1', 0, MAGIC.length) === MAGIC;
  if (!isMagic) throw damaged(name, 'it does not begin as one', MAGIC);
  const version = file.readUInt32LE(MAGIC.length);
  if (version !== VERSION) throw damaged(name, `its version is ${version}`, `version ${VERSION}`);
  const body = file.subarray(0, Math.max(0, file.length - CHECKSUM_BYTES));
  const checksum = checksumOf(body);
  if (!checksum.equals(file.subarray(body.length)))
    throw damaged(name, 'its checksum is wrong', 'a whole file');
  const headerEnd = PREFIX_BYTES + file.readUInt32LE(MAGIC.length + 4);
  const header = parseHeader(file.toString('utf8', PREFIX_BYTES, Math.min(headerEnd, body.length)), name);
  const { meaning, spelling, words, wordBytes, grams, passages, seed } = header;

  const expected = headerEnd + 8 * words + 4 * grams + (words + grams) * meaning + wordBytes;
  if (body.length !== expected) {
    throw damaged(name, `it has ${body.length} bytes before its checksum`, `${expected}`);
  }
  let at = headerEnd;
  const next = (length: number) => {
    at += length;
    return file.buffer.slice(file.byteOffset + at - length, file.byteOffset + at);
  };
  const learned = {
    meaning,
    spelling,
    passages,
    passageCounts: new Uint32Array(next(4 * words)),
    scales: new Float32Array(next(4 * words)),
    gramScales: new Float32Array(next(4 * grams)),
    vectors: new Int8Array(next(words * meaning)),
    gramVectors: new Int8Array(next(grams * meaning)),
    words: new TextDecoder().decode(next(wordBytes)).split('\n'),
  };
  if (learned.words.length !== words) throw damaged(name, `it has ${learned.words.length} words`, `${words}`);
  return { learned, seed, fingerprint: checksum.toString('hex').slice(0, FINGERPRINT_DIGITS) };
}

/** What tells a model's file from every other, of its bytes. */
export function fingerprintOf(file: Buffer): string {
  return file
    .subarray(file.length - CHECKSUM_BYTES)
    .toString('hex')
    .slice(0, FINGERPRINT_DIGITS);
}

function checksumOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest();
}

function parseHeader(text: string, name: string): Header {
  try {
    const header = HEADER.parse(JSON.parse(text));
    if ((header.grams & (header.grams - 1)) === 0) return header;
  } catch (cause) {
    throw damaged(name, 'its header cannot be read', 'JSON as version 1 has it', cause);
  }
  throw damaged(name, 'its n-grams are no power of two', 'a power of two');
}

function damaged(name: string, got: string, expected: string, cause?: unknown): AlcoveError {
  return new AlcoveError(
    'EmbedderError',
    `The file of the model ${name} cannot be used: ${got}; expected ${expected}. Build the model again (alcove model build), or restore the file.`,
    { retryable: false, detail: { got, expected }, ...(cause === undefined ? {} : { cause }) },
  );
}
