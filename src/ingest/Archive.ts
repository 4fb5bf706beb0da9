import { Buffer } from 'node:buffer';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { asCorrupt, checkNotCancelled, type ReadContext } from './ReadContext.ts';
import { unreadable } from './unreadable.ts';

/** Below so many bytes a part may be packed as tightly as it likes. */
const HARMLESS_BYTES = 10_000_000;

/**
 * The parts of a ZIP archive in memory. Names are looked up and never become paths; an archive with a name that leads out
 * of it is refused. What is unpacked is counted while it comes, whatever the archive says of itself.
 */
export class Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #context: ReadContext;
  #unpackedBytes = 0;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, context: ReadContext) {
    this.#zip = zip;
    this.#entries = entries;
    this.#context = context;
  }

  /** @throws AlcoveError UnreadableFileError: CORRUPT, or TOO_COMPLEX for more entries than allowed. */
  static async open(bytes: Uint8Array, context: ReadContext): Promise<Archive> {
    const { file, limits } = context;
    const entries = new Map<string, Entry>();
    try {
      const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (zip.entryCount > limits.maxEntries) {
        throw tooComplex(file, `an archive of ${zip.entryCount} entries`, `at most ${limits.maxEntries}`);
      }
      for await (const entry of zip.eachEntry()) {
        if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
      }
      return new Archive(zip, entries, context);
    } catch (error) {
      throw asCorrupt(error, 'a whole ZIP archive', context);
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The bytes of one part, unpacked.
   * @throws AlcoveError UnreadableFileError: CORRUPT when it is missing or damaged, ENCRYPTED, TOO_COMPLEX when it unpacks to
   *   more than allowed; CancelledError.
   */
  async read(name: string): Promise<Buffer> {
    checkNotCancelled(this.#context);
    const entry = this.#entries.get(name);
    if (entry === undefined)
      throw asCorrupt(`no part ${name}`, `an archive with the part ${name}`, this.#context);
    if (entry.isEncrypted()) throw encrypted(this.#context.file);
    try {
      return await this.#unpack(entry);
    } catch (error) {
      throw asCorrupt(error, `the part ${name}, whole`, this.#context);
    }
  }

  async #unpack(entry: Entry): Promise<Buffer> {
    const { file, limits } = this.#context;
    const stream = await this.#zip.openReadStreamPromise(entry);
    const pieces: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const piece of stream) {
        if (!Buffer.isBuffer(piece)) throw new TypeError('A part came as something other than bytes.');
        bytes += piece.length;
        this.#unpackedBytes += piece.length;
        if (this.#unpackedBytes > limits.maxUnpackedBytes) {
          throw tooComplex(file, `more than ${limits.maxUnpackedBytes} bytes unpacked`, 'at most so many');
        }
        if (bytes > HARMLESS_BYTES && bytes > entry.compressedSize * limits.maxRatio) {
          throw tooComplex(
            file,
            `a part that unpacks to more than ${limits.maxRatio} times its size`,
            `at most ${limits.maxRatio} times`,
          );
        }
        pieces.push(piece);
      }
    } finally {
      stream.destroy();
    }
    return Buffer.concat(pieces);
  }
}

function tooComplex(file: string, got: string, expected: string): Error {
  return unreadable(file, 'TOO_COMPLEX', {
    got,
    expected,
    todo: 'Save it anew, or split it; if it is not yours, do not open it.',
  });
}

function encrypted(file: string): Error {
  return unreadable(file, 'ENCRYPTED', {
    got: 'an encrypted archive',
    expected: 'one that opens without a password',
    todo: 'Save a copy without its password.',
  });
}
