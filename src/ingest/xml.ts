import { Parser } from 'htmlparser2';
import { decodeText } from './decodeText.ts';
import type { ReadContext } from './ReadContext.ts';
import { asCorrupt } from './ReadContext.ts';
import { tidyTitle } from './tidyTitle.ts';

/** An element of an XML file, in document order: its name without prefix, and its attributes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text right in it. */
  text: string;
}

/**
 * The text of an XML part. A document type is refused: no office file needs one, and entities that it declares could
 * multiply.
 * @throws AlcoveError UnreadableFileError CORRUPT
 */
export function xmlText(bytes: Uint8Array, context: ReadContext): string {
  const { text } = decodeText(bytes, context.file);
  if (/<!ENTITY/i.test(text)) {
    throw asCorrupt('XML that declares entities', 'XML without a document type of its own', context);
  }
  return text;
}

/** The elements of a small XML file, flat. */
export function xmlElements(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = { name: name.replace(/^.*:/, ''), attributes, text: '' };
        elements.push(element);
        open.push(element);
      },
      ontext(data) {
        const inside = open.at(-1);
        if (inside) inside.text += data;
      },
      onclosetag() {
        open.pop();
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return elements;
}

/** The text of the first element of this name that has any, as a title. */
export function xmlValue(elements: readonly XmlElement[], name: string): string | undefined {
  const found = elements.find((element) => element.name === name && element.text.trim() !== '');
  return found && tidyTitle(found.text);
}
