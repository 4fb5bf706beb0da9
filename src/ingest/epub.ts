import { posix } from 'node:path';
import type { Archive } from './Archive.ts';
import { EPUB, EPUB_CONTAINER_PART } from './contentTypes.ts';
import { DocumentBuilder, type ExtractedDocument } from './ExtractedDocument.ts';
import { readHtml } from './html.ts';
import { Problems } from './Problems.ts';
import { asCorrupt, checkCharacterCount, type ReadContext } from './ReadContext.ts';
import { unreadable } from './unreadable.ts';
import { type XmlElement, xmlElements, xmlText, xmlValue } from './xml.ts';

const ENCRYPTION_PART = 'META-INF/encryption.xml';

/**
 * A book: its chapters in the order of the spine (EPUB 3.3, sections 4.2 and 5.7). A chapter that cannot be read is a
 * problem of its own.
 * @throws AlcoveError UnreadableFileError: CORRUPT, ENCRYPTED, TOO_COMPLEX; CancelledError.
 */
export async function readEpub(archive: Archive, context: ReadContext): Promise<ExtractedDocument> {
  const container = xmlElements(xmlText(await archive.read(EPUB_CONTAINER_PART), context));
  const packagePart = container.find(({ name }) => name === 'rootfile')?.attributes['full-path'];
  if (packagePart === undefined) throw asCorrupt('a container without a package', 'an EPUB book', context);
  const elements = xmlElements(xmlText(await archive.read(packagePart), context));
  const builder = new DocumentBuilder();
  const problems = new Problems(context.file);
  const isProtected = await protectedParts(archive, context);
  for (const part of spineOf(elements, packagePart)) {
    if (isProtected.has(part) || !archive.has(part)) {
      const got = archive.has(part) ? 'an encrypted chapter' : 'a chapter that is not there';
      problems.add(part, 'CORRUPT', { got, expected: 'a chapter', todo: 'Fetch the book anew.' });
      continue;
    }
    readHtml(xmlText(await archive.read(part), context), builder, context, { isXml: true });
    checkCharacterCount(builder.length, context);
  }
  if (builder.blocks.length === 0 && isProtected.size > 0) throw encrypted(context.file);
  const title = xmlValue(elements, 'title');
  const author = xmlValue(elements, 'creator');
  return {
    contentType: EPUB,
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...builder.finish(),
    problems: problems.finish(),
  };
}

function encrypted(file: string): Error {
  return unreadable(file, 'ENCRYPTED', {
    got: 'a protected book',
    expected: 'one that opens without a key',
    todo: 'Fetch a copy without copy protection.',
  });
}

/** The parts of the chapters, in reading order, each once. */
function spineOf(elements: readonly XmlElement[], packagePart: string): Set<string> {
  const folder = posix.dirname(packagePart);
  const items = new Map<string, string>();
  for (const { name, attributes } of elements) {
    const { id, href } = attributes;
    if (name === 'item' && id !== undefined && href !== undefined) items.set(id, partName(folder, href));
  }
  const parts = elements.flatMap(({ name, attributes }) => {
    const part = name === 'itemref' ? items.get(attributes.idref ?? '') : undefined;
    return part === undefined ? [] : [part];
  });
  return new Set(parts);
}

/** A name to look up, never a path: whatever it says, it is compared with the names that the archive has. */
function partName(folder: string, href: string): string {
  const path = href.split('#')[0] ?? '';
  return posix.join(folder, decoded(path));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names of the parts that are encrypted; fonts often are, chapters in protected books. */
async function protectedParts(archive: Archive, context: ReadContext): Promise<ReadonlySet<string>> {
  if (!archive.has(ENCRYPTION_PART)) return new Set();
  const elements = xmlElements(xmlText(await archive.read(ENCRYPTION_PART), context));
  const references = elements.filter(({ name }) => name === 'CipherReference');
  return new Set(references.map(({ attributes }) => decoded(attributes.URI ?? '')));
}
