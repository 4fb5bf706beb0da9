import mammoth from 'mammoth';
import type { Archive } from './Archive.ts';
import { DOCX } from './contentTypes.ts';
import { DocumentBuilder, type ExtractedDocument } from './ExtractedDocument.ts';
import { readHtml } from './html.ts';
import { asCorrupt, checkCharacterCount, checkNotCancelled, type ReadContext } from './ReadContext.ts';
import { xmlElements, xmlText, xmlValue } from './xml.ts';

const PROPERTIES_PART = 'docProps/core.xml';

/** Beyond what mammoth maps by itself: a title is the outermost heading. */
const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"];

/**
 * A Word document: mammoth makes HTML of it, of which the text is read with its headings, lists and tables. Parts are
 * unpacked one by one as mammoth asks for them, within limits; pictures are not read.
 * @throws AlcoveError UnreadableFileError: CORRUPT, ENCRYPTED, TOO_COMPLEX; CancelledError.
 */
export async function readDocx(archive: Archive, context: ReadContext): Promise<ExtractedDocument> {
  const { title, author } = await propertiesOf(archive, context);
  try {
    const parts = { exists: (name: string) => archive.has(name), read: readPart(archive, context) };
    // An empty path leaves mammoth to the parts, which it would unpack without a limit by itself.
    const input = { path: '', file: parts };
    const { value: html } = await mammoth.convertToHtml(input, {
      styleMap: STYLES,
      includeEmbeddedStyleMap: false,
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
    });
    checkNotCancelled(context);
    checkCharacterCount(html.length, context);
    const builder = new DocumentBuilder();
    readHtml(html, builder, context);
    return {
      contentType: DOCX,
      ...(title === undefined ? {} : { title }),
      ...(author === undefined ? {} : { author }),
      ...builder.finish(),
      problems: [],
    };
  } catch (error) {
    throw asCorrupt(error, 'a Word document (.docx)', context);
  }
}

/** As mammoth asks: text of parts that are XML, bytes of others. */
function readPart(archive: Archive, context: ReadContext) {
  return async (name: string, encoding?: string): Promise<string | Buffer> => {
    const bytes = await archive.read(name);
    if (encoding === 'base64') return bytes.toString('base64');
    return encoding === undefined ? bytes : xmlText(bytes, context);
  };
}

async function propertiesOf(
  archive: Archive,
  context: ReadContext,
): Promise<{ title?: string; author?: string }> {
  if (!archive.has(PROPERTIES_PART)) return {};
  const elements = xmlElements(xmlText(await archive.read(PROPERTIES_PART), context));
  const title = xmlValue(elements, 'title');
  const author = xmlValue(elements, 'creator');
  return { ...(title === undefined ? {} : { title }), ...(author === undefined ? {} : { author }) };
}
