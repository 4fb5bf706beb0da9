import { DOT_TIERS } from '../kernel/assembly/offsets.ts';
import { FEWEST_HASHED_DIMENSIONS, HASHES } from './bucketLayout.ts';
import { effortForRecall, measureRecall } from './measureRecall.ts';
import { pause } from './pause.ts';
import { EMPTY_RESULT, MAX_RESULTS, rerankDepth, SegmentIndex } from './SegmentIndex.ts';
import type { SearchOptions, SearchResult } from './VectorIndex.ts';

/** Slots that one unit of effort looks at in buckets. */
const EFFORT_SLOTS = 64;
const MAX_EFFORT = 2 ** 20;

/** The effort while none has been measured. Where none that is measured is enough, everything is scanned. */
const FIRST_EFFORT = 128;

/**
 * What the build measures, as far as a scan is not quicker, to find the least that reaches the target. From 2,048 slots
 * on, for fewer take hardly less time, and the recall of a handful of samples says little about them.
 */
const EFFORTS = [32, 48, 64, 96, 128, 192, 256, 384, 512, 1_024, 2_048, 4_096];
const TARGET_RECALL = 0.95;
const RECALL_SAMPLES = 50;

/** Vectors that the centre and the norm tiers are learned from. */
const LEARNED_VECTORS = 8_192;

/** Slots of which equal ones are found in one call: some milliseconds. */
const GROUPED_SLOTS = 4_096;

/** A tier of norms has this share of the vectors of the next longer and it together. */
const TIER_SHARE = 1 / 4;

/** A slot of a bucket takes as long as so many vectors of a scan: 84 ns and 28 ns on 60,000 × 384. */
const SCANNED_PER_SLOT = 3;

/**
 * Whether a scan of `matches` of `live` vectors takes no longer than looking into buckets, in which `slots` of them would be
 * looked at without a filter and slots · live / matches are with one. A filter's matches are not in a line, so a scan of
 * them is slower for each: on 100,000 × 384 it took as long at matches² = 0.6 to 1 · slots · live.
 */
function isSoonerScanned(matches: number, live: number, slots: number): boolean {
  return live <= SCANNED_PER_SLOT * slots || matches * matches <= slots * live;
}

/**
 * Locality-sensitive hashing with cross-polytopes (Andoni et al. 2015, arXiv 1509.02897): a vector's hash is the axis that
 * it is nearest to after a random rotation, and a search looks into the buckets of the axes that the query is near to, the
 * nearest first, over eight hashes. What it finds is compared by 7-bit code, and the nearest of it by row. The kernel's
 * part is in assembly: rotate.ts, buckets.ts, buildBuckets.ts, searchBuckets.ts.
 *
 * Hashes see directions. COSINE and EUCLIDEAN look from the middle of the vectors: then near vectors lie in near
 * directions, too. Under DOT norms matter as well, so each bucket is divided by norm into four, and these are put in order
 * by the inner product that their vectors should have: the value times their mean norm. Equal vectors stand in the tables
 * once, and those without a direction are compared with every search.
 *
 * Time: O(hashes · d log d) for the rotations and O(d) for each candidate, of which there are 64 · `effort` at most; the
 * default effort is measured at the end of the build, for a recall of .95. A build is O(n · hashes · d log d). Memory: the
 * rows and about d + 105 bytes a vector: codes, and the tables, 36 bytes of it.
 *
 * Choose it where an index must be built quickly and a recall of .9 to .95 is enough. Do not where there are no clusters:
 * then its buckets hold nothing in common; nor for few dimensions: below 8 there are no buckets, and everything is scanned.
 */
export class LshIndex extends SegmentIndex {
  protected addRow(ordinal: number): void {
    this.segment.kernel.insertCoded(ordinal);
  }

  /** Fills the buckets with the slots that were expected. A second call finds them filled and does nothing. */
  override *build(): Generator<number> {
    const { segment } = this;
    const { kernel } = segment;
    const tabled = this.tabledWhenBuilt();
    if (tabled === 0 || segment.tabled > 0) return;
    const isFirst = kernel.beginBuckets() === 1;
    if (isFirst) {
      this.#learn(tabled);
      yield 0;
      yield* this.#groupEquals(tabled);
      kernel.shareHashing();
    }
    while (kernel.isHashingShared() === 0) yield pause(0);
    for (let done = kernel.hashSlots(tabled); done > 0; done = kernel.hashSlots(tabled)) yield done;
    while (kernel.areSlotsHashed(tabled) === 0) yield pause(tabled);
    if (isFirst) {
      for (let hash = 0; hash < HASHES; hash++) {
        kernel.sortSlots(hash, tabled);
        yield tabled;
      }
      kernel.setDefaultEffort(FIRST_EFFORT);
      kernel.publishTables(tabled);
      yield* this.#measureEffort(tabled);
    }
    while (segment.tabled === 0) yield pause(tabled);
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    if (k === 0) return EMPTY_RESULT;
    const { segment } = this;
    const { allowed, exact = false } = options;
    const { kernel, live, tabled } = segment;
    const effort = Math.min(Math.max(1, options.effort ?? kernel.defaultEffort()), MAX_EFFORT);
    const matches = allowed?.count ?? live;
    const slots = effort * EFFORT_SLOTS;
    if (exact || tabled === 0 || isSoonerScanned(matches, live, slots))
      return this.searchExactly(query, k, allowed);
    segment.query.set(query);
    const limit = Math.min(Math.ceil((slots * live) / matches), HASHES * tabled);
    const depth = Math.min(rerankDepth(k), MAX_RESULTS);
    const found = kernel.searchBuckets(k, depth, this.mask(allowed), limit);
    return found < k ? this.searchExactly(query, k, allowed) : this.collect(k, found);
  }

  protected override tail(): number {
    const { count, tabled } = this.segment;
    return this.parameters.dimension < FEWEST_HASHED_DIMENSIONS ? 0 : count - tabled;
  }

  /** Learns the middle of the vectors, or under DOT the tiers of their norms, from some of them. */
  #learn(tabled: number): void {
    const { kernel } = this.segment;
    const step = Math.ceil(tabled / LEARNED_VECTORS);
    const slots = Array.from({ length: Math.ceil(tabled / step) }, (_, i) => i * step);
    if (this.parameters.metric !== 'DOT') {
      kernel.setTier(0, 0, 1);
      for (const slot of slots) kernel.addToCentre(slot, 1 / slots.length);
      return;
    }
    const norms = slots
      .map((slot) => kernel.normOfSlot(slot))
      .filter(Number.isFinite)
      .sort((a, b) => b - a);
    let end = 0;
    let longest = 0;
    for (let tier = 0; tier < DOT_TIERS; tier++) {
      const from = end;
      end = Math.ceil(norms.length * TIER_SHARE ** (DOT_TIERS - 1 - tier));
      const own = norms.slice(from, end);
      const mean = own.reduce((sum, norm) => sum + norm, 0) / Math.max(1, own.length);
      if (tier === 0) longest = mean;
      kernel.setTier(tier, own.at(-1) ?? 0, longest > 0 ? Math.max(mean / longest, Number.EPSILON) : 1);
    }
  }

  *#groupEquals(tabled: number): Generator<number> {
    const { kernel } = this.segment;
    kernel.clearGroups();
    for (let from = 0; from < tabled; from += GROUPED_SLOTS) {
      kernel.groupEquals(from, Math.min(from + GROUPED_SLOTS, tabled));
      yield 0;
    }
  }

  /** Finds the least effort that reaches the target recall, and makes it the default. */
  *#measureEffort(tabled: number): Generator<number> {
    const { kernel, live } = this.segment;
    const efforts = EFFORTS.filter((effort) => !isSoonerScanned(live, live, effort * EFFORT_SLOTS));
    if (efforts.length === 0) return;
    const { seed } = this.parameters;
    const measuring = measureRecall(this, { samples: RECALL_SAMPLES, seed, efforts });
    let next = measuring.next();
    for (; !next.done; next = measuring.next()) yield tabled;
    kernel.setDefaultEffort(effortForRecall(next.value, TARGET_RECALL) ?? MAX_EFFORT);
  }
}
