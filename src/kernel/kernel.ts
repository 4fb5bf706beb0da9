import { readFileSync } from 'node:fs';
import { fasterVariant, type KernelVariant } from './variant.ts';

/**
 * The functions of one instance of the kernel, over one segment's memory and in one zone of it. Addresses are byte
 * offsets into that memory. assembly/kernel.ts has the sources; unsigned results arrive as signed and want `>>> 0`.
 */
export interface Kernel {
  /** Reads the memory's layout table and binds the instance to the zone at `zoneAt`. First of all calls. */
  attach(zoneAt: number): void;

  /** Adds the zone's query row as a FLAT row. */
  insertRow(ordinal: number): void;
  /** Adds the zone's query row as an HNSW node. */
  insertNode(ordinal: number): void;
  /** Adds the zone's query row, of which a build makes an HNSW node. */
  appendNode(ordinal: number): void;
  /** The steps of making nodes of `end` rows, in the order of linkGraph.ts. */
  beginEncoding(end: number): void;
  encodeNodes(from: number, to: number, end: number): void;
  settleEncoding(end: number): void;
  /** Links such nodes: those at a range of places of the build's order, beside other threads. */
  linkNodes(from: number, end: number): void;
  /** Notes for a range of slots where the walks to them begin. */
  placeNodes(from: number, end: number): void;
  /** Turns a node into a tombstone; 0 if the ordinal is not live. */
  bury(ordinal: number): number;

  /**
   * Exact search over all live rows, or those that the zone's bitmap allows of the slots below `mask` ({@link NO_MASK}
   * for none), of the slots from `from` (a multiple of BLOCK_SLOTS) up to `end`. Returns the number of results in the zone's
   * output.
   */
  searchExactly(k: number, mask: number, from: number, end: number): number;
  /** The same results by comparing rows alone, which is what {@link searchExactly} is tested against. */
  searchRows(k: number, mask: number): number;
  /** Narrows the zone's bitmap of slots below `end` to live ones, who are the admitted; returns their number. */
  admit(end: number): number;
  /** Walk with a pool of `breadth`, from which all but the live drop out. Returns as above. */
  searchWalk(k: number, breadth: number, depth: number): number;
  /** Walk that ends when `breadth` live nodes are found. */
  searchThrough(k: number, breadth: number, depth: number): number;
  /** Begins a walk past what is not admitted, in steps: {@link walkTo}, as often as it takes, then {@link endPassing}. */
  beginPassing(): void;
  /** Expands the nearest `breadth` nodes of a pool of `limit`; returns how many of them are admitted. */
  walkTo(breadth: number, limit: number): number;
  /** Whether these are as far past the `k`-th of the admitted as a walk of breadth `effort` is past the `k`-th of all. */
  hasMargin(k: number, effort: number, breadth: number): number;
  /** Puts the `depth` nearest admitted in order. Returns as above. */
  endPassing(k: number, depth: number): number;
  /** Walk that compares the admitted alone. */
  searchTwoHops(k: number, breadth: number, depth: number, seeds: number): number;
  /** Scan of the codes of the admitted. */
  searchAdmitted(k: number, depth: number): number;
  /** Scan of the sketches of the admitted, then of those codes of the `shortlist` nearest that these leave open. */
  searchSketches(k: number, depth: number, shortlist: number): number;

  /** Search of a tree, masked in the same way, of `leafLimit` leaves or more. Returns the number of results. */
  searchTree(k: number, mask: number, leafLimit: number): number;

  /** Search of buckets, masked in the same way. Returns the number of results, which can be less than there are. */
  searchBuckets(k: number, rerankDepth: number, mask: number, slotLimit: number): number;

  /** Adds the zone's query row with a code, for {@link searchBuckets}. */
  insertCoded(ordinal: number): void;
  /** The steps of filling buckets, in the order of LshIndex.build(). */
  beginBuckets(): number;
  normOfSlot(slot: number): number;
  setTier(tier: number, floor: number, weight: number): void;
  addToCentre(slot: number, share: number): void;
  clearGroups(): void;
  groupEquals(from: number, end: number): void;
  shareHashing(): void;
  isHashingShared(): number;
  hashSlots(tabled: number): number;
  areSlotsHashed(tabled: number): number;
  sortSlots(hash: number, tabled: number): void;
  setDefaultEffort(effort: number): void;
  defaultEffort(): number;

  /** The steps of building a tree, in the order of KdTreeIndex.build(). */
  beginTree(): number;
  isTreeShared(): number;
  gatherPoints(from: number, end: number, tabled: number): void;
  layTree(tabled: number): number;
  splitNode(level: number, index: number): void;
  shareTree(): number;
  completeSubtree(tabled: number): number;
  areSubtreesDone(): number;
  boxChildren(level: number, index: number): void;
  treeNodes(level: number): number;
  publishTables(tabled: number): void;

  /** Lists the live ordinals of a range of slots; returns their number. */
  liveOrdinals(from: number, end: number): number;
  /** Replaces ascending ordinals in the zone's list by the live slots that hold them; returns their number. */
  findSlots(length: number): number;
  /** The ordinal of a published slot; signed. */
  ordinalOf(slot: number): number;
  /** Copies the row of a live ordinal to the zone's query area; 0 if there is none. */
  copyRow(ordinal: number): number;

  /** Lists the links of a slot on a layer; returns their number. */
  linksOf(slot: number, level: number): number;
  twinOf(slot: number): number;
  parentOf(slot: number): number;
  layerOf(slot: number): number;
  isAttached(slot: number): number;
  isHidden(slot: number): number;

  /** The steps of a consolidation, in the order of consolidate.ts. */
  moveEntry(): void;
  /** Returns the number of tombstones in the range. */
  detachSlots(from: number, end: number): number;
  repairSlots(from: number, end: number): void;
}

/** In the place of a bitmap's size where there is no bitmap. */
export const NO_MASK = 0xffff_ffff;

/** The building blocks that assembly/kernel.ts exports for comparison with reference.ts; `bytes` as said there. */
export interface KernelParts {
  /** Chooses how this instance adds up products of codes: in fours (1) or in pairs (0). */
  useQuads(choice: number): void;
  dotRows(a: number, b: number, bytes: number): number;
  squaredRows(a: number, b: number, bytes: number): number;
  dotCodes(signed: number, code: number, bytes: number): number;
  dotCodes4(signed: number, c0: number, c1: number, c2: number, c3: number, bytes: number, out: number): void;
  inverseNorm(row: number, bytes: number): number;
  encodeRow(row: number, dimension: number, code: number, codeBytes: number): number;
  decodeSigned(code: number, signed: number, bytes: number): void;
  codeSum(code: number, bytes: number): number;
  codeSquares(code: number, bytes: number): number;
  sameBytes(a: number, b: number, bytes: number): number;
  selectPoints(
    points: number,
    order: number,
    bytes: number,
    from: number,
    end: number,
    nth: number,
    axis: number,
  ): void;
  flipSigns(at: number, size: number, seed: number): void;
  hadamard(at: number, size: number): void;
  rotate(at: number, size: number, seed: number): void;
  nearestAxis(at: number, size: number): number;
  widestAxis(points: number, bytes: number, dimension: number, from: number, end: number): number;
  transposeLeaf(leaf: number, dimension: number, count: number, scratch: number): void;
  leafDistances(leaf: number, query: number, dimension: number, limit: number, out: number): number;
  leafProducts(leaf: number, query: number, dimension: number, limit: number, out: number): number;
  boxLeaf(leaf: number, node: number, child: number, dimension: number): void;
  boxNode(node: number, parent: number, child: number, dimension: number): void;
  boxDistances(node: number, query: number, dimension: number, out: number): void;
  boxProducts(node: number, query: number, dimension: number, out: number): void;
  encodeSigned(row: number, dimension: number, code: number, codeBytes: number): void;
  dotRowCode(row: number, code: number, bytes: number, bias: number): number;
  squaredCode(code: number, bytes: number, bias: number): number;
  squaredResidual(
    row: number,
    code: number,
    bytes: number,
    bias: number,
    factor: number,
    scale: number,
  ): number;
  dotWide(code: number, wide: number, bytes: number): number;
  /** Writes the bounds of a slot's key (least, most: f64 × 2) to `out`; 0 if it has none. */
  keyBounds(slot: number, out: number): number;
  rotateRow(row: number, dimension: number, seed: number): void;
  /** Whether inserting at this slot moves the centre, of an attached instance. */
  isCentreDue(slot: number): number;
  writeSigns(row: number, centre: number, bytes: number, bits: number): number;
  /** The least key over codes that a node's sketch lets expect. */
  leastSketched(slot: number): number;
  writePlanes(row: number, dimension: number, step: number, planes: number, bytes: number): void;
  differingPlanes(code: number, planes: number, bytes: number): number;
  differingBits(a: number, b: number, bytes: number): number;
}

/** With relaxed SIMD, and without it for runtimes that have none; from the same sources. */
const KERNEL_FILE = new URL('./kernel.wasm', import.meta.url);
const PLAIN_FILE = new URL('./kernel-plain.wasm', import.meta.url);

let compiled: WebAssembly.Module | undefined;
let chosen: KernelVariant | undefined;

/**
 * Compiles the kernel: the one with relaxed SIMD if the runtime has that, or else, as with `plain`, the one without. Both
 * have the same functions.
 */
export function compileKernel(plain = false): WebAssembly.Module {
  const bytes = readFileSync(KERNEL_FILE);
  return new WebAssembly.Module(!plain && WebAssembly.validate(bytes) ? bytes : readFileSync(PLAIN_FILE));
}

/** The compiled kernel, compiled once per thread. A module can be sent to other threads, which saves them compiling. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= compileKernel();
  return compiled;
}

/**
 * The variant that is the faster one on this machine: timed once per thread, unless another has been sent what it found,
 * which saves 8 ms.
 */
export function chosenVariant(module = kernelModule()): KernelVariant {
  if (chosen === undefined) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    chosen = fasterVariant(instantiateKernel(memory, { module, variant: 'PAIRS' }));
  }
  return chosen;
}

/** Reads the row of a slot into the memory and returns where it lies, until the next call but one. For rows kept in a file. */
export type FetchRow = (slot: number) => number;

const noRowFile: FetchRow = () => {
  throw new Error('kernel: asked for a row of a file, and there is none');
};

/** What an instance of the kernel is of, where it is not what this thread has compiled and found to be the faster one. */
export interface KernelOptions {
  readonly module?: WebAssembly.Module | undefined;
  readonly variant?: KernelVariant | undefined;
  /** Absent where rows are in memory. */
  readonly fetchRow?: FetchRow | undefined;
}

/** An instance of the kernel over a shared memory. Instantiation writes nothing to it. */
export function instantiateKernel(
  memory: WebAssembly.Memory,
  { module = kernelModule(), variant = chosenVariant(module), fetchRow = noRowFile }: KernelOptions = {},
): Kernel & KernelParts {
  const instance = new WebAssembly.Instance(module, { env: { memory, fetchRow } });
  const kernel = instance.exports as unknown as Kernel & KernelParts;
  kernel.useQuads(variant === 'QUADS' ? 1 : 0);
  return kernel;
}
