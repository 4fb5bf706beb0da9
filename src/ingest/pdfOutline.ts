import type { getResolvedPDFJS } from 'unpdf';
import { z } from 'zod';
import { tidyTitle } from './tidyTitle.ts';

type PdfJs = Awaited<ReturnType<typeof getResolvedPDFJS>>;
/** A document that PDF.js has opened. */
export type Pdf = Awaited<ReturnType<PdfJs['getDocument']>['promise']>;

/** An entry of a document's outline that leads to a page. */
export interface PdfMark {
  readonly title: string;
  /** 1 to 6: its depth. */
  readonly level: number;
}

/** Entries that are followed; a book has fewer. */
const MAX_MARKS = 5_000;
const MAX_LEVEL = 6;

const REFERENCE = z.object({ num: z.number(), gen: z.number() });
interface OutlineItem {
  readonly title: string;
  readonly dest: unknown;
  readonly items: readonly OutlineItem[];
}
const OUTLINE_ITEM: z.ZodType<OutlineItem> = z.object({
  title: z.string(),
  dest: z.unknown(),
  items: z.array(z.lazy(() => OUTLINE_ITEM)).catch([]),
});

/** The outline's entries by the page that they lead to, from 1. An outline that cannot be followed is none. */
export async function pdfMarks(pdf: Pdf): Promise<ReadonlyMap<number, readonly PdfMark[]>> {
  const marks = new Map<number, PdfMark[]>();
  let count = 0;
  const follow = async (items: readonly OutlineItem[], level: number): Promise<void> => {
    for (const { title, dest, items: inside } of items) {
      if (++count > MAX_MARKS) return;
      const page = await pageOf(pdf, dest);
      const tidy = tidyTitle(title.replaceAll('\0', ''));
      if (page !== undefined && tidy !== '')
        marks.set(page, [...(marks.get(page) ?? []), { title: tidy, level }]);
      await follow(inside, Math.min(MAX_LEVEL, level + 1));
    }
  };
  const outline = z.array(OUTLINE_ITEM).safeParse(await pdf.getOutline().catch(() => null));
  await follow(outline.data ?? [], 1);
  return marks;
}

async function pageOf(pdf: Pdf, dest: unknown): Promise<number | undefined> {
  try {
    const explicit = typeof dest === 'string' ? await pdf.getDestination(dest) : dest;
    const target: unknown = Array.isArray(explicit) ? explicit[0] : undefined;
    if (typeof target === 'number') return target + 1;
    const reference = REFERENCE.safeParse(target);
    return reference.data && (await pdf.getPageIndex(reference.data)) + 1;
  } catch {
    return undefined;
  }
}
