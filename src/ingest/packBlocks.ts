import type { ChunkingSettings } from '../library/types.ts';
import type { Block } from './blocks.ts';
import { MEASURES, type Measure, type Sized, wordsOf } from './measures.ts';
import { type Range, splitLines, splitSentences } from './splitText.ts';

/** A part of a document: `text` is the document's text from `start` to `end` (exclusive; UTF-16 code units). */
export interface TextChunk {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The page that it begins on, from 1 (the part before it that it repeats apart); null where there are none. */
  readonly page: number | null;
  /** The titles of the headings that it stands under, outermost first. */
  readonly headings: readonly string[];
}

/** Blocks between two headings, and the headings before them that have none of their own. */
interface Section {
  readonly headings: readonly string[];
  readonly blocks: readonly Block[];
}

/** What is never split any more, and where it stands. */
interface Atom extends Sized {
  readonly isProse: boolean;
  readonly page: number | null;
  readonly headings: readonly string[];
}

/** Atoms that are one chunk. */
interface Packed extends Atom {
  readonly atoms: Atom[];
}

/** Packs a document's blocks into chunks, none of which is above the maximum. */
export function packBlocks(text: string, blocks: readonly Block[], chunking: ChunkingSettings): TextChunk[] {
  const packer = new Packer(text, chunking);
  if (chunking.by === 'HEADINGS') {
    return [...sectionsOf(blocks)].flatMap((section) => packer.pack(packer.blockAtoms(section)));
  }
  const atoms = chunking.by === 'SENTENCES' ? packer.sentenceAtoms : packer.wordAtoms;
  return packer.pack([...sectionsOf(blocks)].flatMap((section) => [...atoms.call(packer, section)]));
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

class Packer {
  readonly #text: string;
  readonly #chunking: ChunkingSettings;
  readonly #measure: Measure;

  constructor(text: string, chunking: ChunkingSettings) {
    this.#text = text;
    this.#chunking = chunking;
    this.#measure = MEASURES[chunking.unit];
  }

  /** Blocks. One that does not fit a chunk, together with the headings right above it, comes apart. */
  *blockAtoms({ headings, blocks }: Section): Generator<Atom> {
    const { maxSize } = this.#chunking;
    let leadStart: number | undefined;
    for (const block of blocks.filter(({ start, end }) => end > start)) {
      const isHeading = block.kind === 'HEADING';
      const size = this.#measure.sizeOf(this.#text, block);
      const lead = { start: leadStart ?? block.start, end: block.end };
      const fitsLead =
        (lead.start === block.start ? size : this.#measure.sizeOf(this.#text, lead)) <= maxSize;
      if (fitsLead || (isHeading && size <= maxSize)) yield atomOf(block, block, size, headings);
      else yield* this.#pieces(block, headings);
      leadStart = isHeading ? (fitsLead ? lead.start : block.start) : undefined;
    }
  }

  /** Sentences of prose, lines of the rest. */
  *sentenceAtoms({ headings, blocks }: Section): Generator<Atom> {
    for (const block of blocks) yield* this.#pieces(block, headings);
  }

  *wordAtoms({ headings, blocks }: Section): Generator<Atom> {
    for (const block of blocks) {
      for (const word of wordsOf(this.#text, block, this.#chunking.size)) {
        yield atomOf(block, word, word.size, headings);
      }
    }
  }

  /** Fills chunks up to their size, and beyond it where a chunk would be less than half full otherwise. */
  pack(atoms: Iterable<Atom>): TextChunk[] {
    const { by, maxSize, overlap } = this.#chunking;
    const packed: Packed[] = [];
    let current: Packed | undefined;
    for (const atom of atoms) {
      // A window after the first has what it repeats in its size.
      const repeats = by === 'TOKENS' && packed.length > 0 ? overlap : 0;
      const size = this.#chunking.size - repeats;
      const joined = current === undefined ? atom.size : this.#measure.joined(this.#text, current, atom);
      const isHalfEmpty = current !== undefined && current.size < size / 2;
      if (current && (joined <= size || (isHalfEmpty && joined <= maxSize))) {
        current.atoms.push(atom);
        current = { ...current, end: atom.end, size: joined, isProse: atom.isProse };
      } else {
        if (current) packed.push(current);
        current = { ...atom, atoms: [atom] };
      }
    }
    if (current) packed.push(current);
    return packed.map((atom, at) => this.#chunkOf(atom, packed[at - 1]));
  }

  *#pieces(block: Block, headings: readonly string[]): Generator<Atom> {
    const { maxSize } = this.#chunking;
    const isProse = block.kind !== 'LINES';
    for (const piece of isProse ? splitSentences(this.#text, block) : splitLines(this.#text, block)) {
      const size = this.#measure.sizeOf(this.#text, piece);
      if (size <= maxSize) yield atomOf(block, piece, size, headings);
      else {
        for (const part of this.#measure.split(this.#text, piece, maxSize)) {
          yield atomOf(block, part, this.#measure.sizeOf(this.#text, part), headings);
        }
      }
    }
  }

  #chunkOf(atom: Atom, before: Packed | undefined): TextChunk {
    const start = before === undefined ? atom.start : this.#overlapStart(atom, before);
    const { end, page, headings } = atom;
    return { text: this.#text.slice(start, end), start, end, page, headings };
  }

  /** Where a chunk begins that repeats the end of the one before, never all of it. */
  #overlapStart(atom: Atom, before: Packed): number {
    const { by, overlap, maxSize } = this.#chunking;
    const isWhole = by === 'TOKENS' || (before.isProse && atom.isProse);
    if (overlap === 0 || !isWhole) return atom.start;
    const pieces = by === 'HEADINGS' ? [...splitSentences(this.#text, before)] : before.atoms;
    let { start } = atom;
    let tail: Sized | undefined;
    for (const piece of pieces.toReversed()) {
      if (piece.start === before.start) break;
      const sized = { ...piece, size: this.#measure.sizeOf(this.#text, piece) };
      const size = tail === undefined ? sized.size : this.#measure.joined(this.#text, sized, tail);
      tail = { start: piece.start, end: before.end, size };
      if (size > overlap || this.#measure.joined(this.#text, tail, atom) > maxSize) break;
      start = piece.start;
    }
    return start;
  }
}

function atomOf(block: Block, { start, end }: Range, size: number, headings: readonly string[]): Atom {
  return { start, end, size, isProse: block.kind !== 'LINES', page: block.page ?? null, headings };
}
