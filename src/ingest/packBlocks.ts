import type { Block } from './blocks.ts';
import { lastSentenceStart, type Range, splitLines, splitSentences, splitWords } from './splitText.ts';

/** A part of a document: `text` is the document's text from `start` to `end` (exclusive; UTF-16 code units). */
export interface TextChunk {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The titles of the headings that it stands under, outermost first. */
  readonly headings: readonly string[];
}

/** How large chunks get, in UTF-16 code units. */
export interface ChunkOptions {
  /** A chunk is filled up to here; a paragraph or code block that is longer stays whole up to the maximum. */
  readonly targetCharacters: number;
  readonly maxCharacters: number;
  /** SENTENCE: a chunk begins with the last sentence of the one before, where both are of one section and it fits. */
  readonly overlap: 'NONE' | 'SENTENCE';
}

/** Blocks between two headings, and the headings before them that have none of their own. */
interface Section {
  readonly headings: readonly string[];
  readonly blocks: readonly Block[];
}

/** What is never split any more. */
interface Atom extends Range {
  readonly isProse: boolean;
}

/** Packs a document's blocks into chunks: no chunk spans two sections, none is above the maximum. */
export function packBlocks(text: string, blocks: readonly Block[], options: ChunkOptions): TextChunk[] {
  const chunks: TextChunk[] = [];
  for (const { headings, blocks: inside } of sectionsOf(blocks)) {
    const packed = packAtoms(atomsOf(text, inside, options.maxCharacters), options);
    const ranges = options.overlap === 'SENTENCE' ? withOverlap(text, packed, options) : packed;
    for (const { start, end } of ranges) chunks.push({ text: text.slice(start, end), start, end, headings });
  }
  return chunks;
}

function* sectionsOf(blocks: readonly Block[]): Generator<Section> {
  const path: Block[] = [];
  let inside: Block[] = [];
  const section = () => ({ headings: path.map(({ title }) => title ?? '').filter(Boolean), blocks: inside });
  for (const block of blocks) {
    if (block.kind === 'HEADING') {
      const hasBody = inside.length > 0 && inside.at(-1)?.kind !== 'HEADING';
      if (hasBody) {
        yield section();
        inside = [];
      }
      while ((path.at(-1)?.level ?? 0) >= (block.level ?? 1)) path.pop();
      path.push(block);
    }
    inside.push(block);
  }
  if (inside.length > 0) yield section();
}

/** A block that does not fit a chunk, together with the headings right above it, comes apart. */
function* atomsOf(text: string, blocks: readonly Block[], maxCharacters: number): Generator<Atom> {
  let leadStart: number | undefined;
  for (const block of blocks) {
    const isProse = block.kind !== 'LINES';
    const isHeading = block.kind === 'HEADING';
    const fitsLead = block.end - (leadStart ?? block.start) <= maxCharacters;
    if (fitsLead || (isHeading && block.end - block.start <= maxCharacters)) {
      yield { start: block.start, end: block.end, isProse };
    } else {
      const pieces = isProse ? splitSentences(text, block) : splitLines(text, block);
      for (const piece of pieces) {
        for (const { start, end } of splitWords(text, piece, maxCharacters)) yield { start, end, isProse };
      }
    }
    leadStart = isHeading ? (fitsLead ? (leadStart ?? block.start) : block.start) : undefined;
  }
}

/** Fills chunks up to the target, and beyond it where a chunk would be less than half full otherwise. */
function packAtoms(atoms: Iterable<Atom>, { targetCharacters, maxCharacters }: ChunkOptions): Atom[] {
  const packed: Atom[] = [];
  let current: Atom | undefined;
  for (const atom of atoms) {
    const length = atom.end - (current?.start ?? atom.start);
    const isHalfEmpty = current !== undefined && current.end - current.start < targetCharacters / 2;
    if (current && (length <= targetCharacters || (isHalfEmpty && length <= maxCharacters))) {
      current = { ...atom, start: current.start };
    } else {
      if (current) packed.push(current);
      current = atom;
    }
  }
  if (current) packed.push(current);
  return packed;
}

function withOverlap(text: string, packed: readonly Atom[], { maxCharacters }: ChunkOptions): Atom[] {
  return packed.map((atom, at) => {
    const before = packed[at - 1];
    if (!before?.isProse || !atom.isProse) return atom;
    const start = lastSentenceStart(text, before);
    return start > before.start && atom.end - start <= maxCharacters ? { ...atom, start } : atom;
  });
}
