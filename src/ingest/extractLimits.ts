/** What one file may take. Bytes are of the file, or of what is decompressed from it; characters are UTF-16 code units. */
export interface ExtractLimits {
  /** Of the file itself: ask before it is read. */
  readonly maxBytes: number;
  /** Of the text that comes out of it. */
  readonly maxCharacters: number;
  readonly maxPages: number;
  /** Of an archive: files in it. */
  readonly maxEntries: number;
  /** Of an archive: all that is decompressed from it. */
  readonly maxUnpackedBytes: number;
  /** Of an archive: how many times larger than packed a part may be, once it is above a size that harms nobody. */
  readonly maxRatio: number;
  /** Of HTML and XML: elements within one another. */
  readonly maxDepth: number;
  /** Of CSV and JSONL: characters of a field; the rest of a longer one is left out, and said so. */
  readonly maxFieldCharacters: number;
}

export const DEFAULT_EXTRACT_LIMITS: ExtractLimits = {
  maxBytes: 100_000_000,
  maxCharacters: 100_000_000,
  maxPages: 10_000,
  maxEntries: 10_000,
  maxUnpackedBytes: 500_000_000,
  maxRatio: 200,
  maxDepth: 10_000,
  maxFieldCharacters: 1_000_000,
};
