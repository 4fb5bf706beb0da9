import { checkWholeNumber, invalidArgument, quote } from './checks.ts';
import { MAX_CHUNK_SIZE, MIN_CHUNK_SIZE } from './limits.ts';
import type { ChunkingSettings } from './types.ts';

const WAYS: readonly string[] = ['HEADINGS', 'SENTENCES', 'TOKENS'] satisfies ChunkingSettings['by'][];
const UNITS: readonly string[] = ['CHARACTERS', 'TOKENS'] satisfies ChunkingSettings['unit'][];

/** What a library splits by that was told nothing: about a paragraph, which is what answers a question. */
export const DEFAULT_CHUNKING: ChunkingSettings = {
  by: 'HEADINGS',
  unit: 'CHARACTERS',
  size: 800,
  maxSize: 1_200,
  overlap: 0,
};

/** Sizes that go with a unit: four characters of English are about one token. */
const DEFAULT_SIZES: Readonly<Record<ChunkingSettings['unit'], number>> = {
  CHARACTERS: DEFAULT_CHUNKING.size,
  TOKENS: 200,
};
/** How much larger than its size a chunk may get to keep a paragraph whole, where nothing is said of it. */
const MAX_OVER_SIZE = 1.5;

/**
 * The settings that a change leads to. What is left out stays as it is, unless it hangs on what changes: sizes on their
 * unit, the maximum on the size, and the unit of windows is always tokens.
 */
export function changedChunking(
  before: ChunkingSettings,
  change: Partial<ChunkingSettings>,
): ChunkingSettings {
  const by = change.by ?? before.by;
  const unit = change.unit ?? (by === 'TOKENS' ? 'TOKENS' : before.unit);
  const size = change.size ?? (unit === before.unit ? before.size : DEFAULT_SIZES[unit]);
  const staysSo = unit === before.unit && size === before.size && by === before.by;
  const maxOver = by === 'TOKENS' ? 1 : MAX_OVER_SIZE;
  const maxSize =
    change.maxSize ?? (staysSo ? before.maxSize : Math.min(MAX_CHUNK_SIZE, Math.floor(size * maxOver)));
  const overlap =
    change.overlap ?? (unit === before.unit ? Math.min(before.overlap, Math.floor(size / 2)) : 0);
  return { by, unit, size, maxSize, overlap };
}

/** @throws AlcoveError InvalidArgumentError for what is out of range; `path` leads to the settings. */
export function checkChunkingSettings(settings: ChunkingSettings, path: readonly string[]): void {
  const { by, unit, size, maxSize, overlap } = settings;
  const at = (field: string) => [...path, field];
  if (!WAYS.includes(by))
    throw invalidArgument('the way of chunking', quote(by), `one of ${WAYS.join(', ')}`, at('by'));
  if (!UNITS.includes(unit))
    throw invalidArgument('the unit of sizes', quote(unit), `one of ${UNITS.join(', ')}`, at('unit'));
  if (by === 'TOKENS' && unit !== 'TOKENS')
    throw invalidArgument('the unit of sizes', unit, 'TOKENS, since chunks are made by TOKENS', at('unit'));
  checkWholeNumber('the size of chunks', size, { min: MIN_CHUNK_SIZE, max: MAX_CHUNK_SIZE }, at('size'));
  checkWholeNumber('the greatest size of chunks', maxSize, { min: size, max: MAX_CHUNK_SIZE }, at('maxSize'));
  const maxOverlap = Math.floor(size / 2);
  checkWholeNumber('the overlap of chunks', overlap, { min: 0, max: maxOverlap }, at('overlap'));
}
